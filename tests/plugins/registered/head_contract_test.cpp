// What every registered head promises.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include "tests/plugins/registered/registered.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

constexpr int64_t width = 24, batch = 6;

/// What an option is given that has no default.
std::vector<host::GivenOption> needed_options(const std::string& name) {
  std::vector<host::GivenOption> given;
  for (const OptionSpec& option : test::registry().find(PluginKind::head, name, "test").item->options)
    if (!option.default_value) given.push_back({option.name, std::vector<std::string>{"a", "b", "c"}, "test"});
  return given;
}

std::shared_ptr<TaskHead> make(const std::string& name) {
  torch::manual_seed(7);
  return test::registry().make_head({name, "test", needed_options(name)}, "task", {width, width});
}

Features features() {
  torch::manual_seed(3);
  return {torch::randn({batch, width, 2, 2}), torch::randn({batch, width})};
}

/// The head's sample cells in turn.
std::vector<std::string> cells(const TaskHead& head) {
  const std::vector<std::string> samples = head.sample_cells();
  std::vector<std::string> all;
  for (int64_t i = 0; i < batch; ++i) all.push_back(samples[static_cast<size_t>(i) % samples.size()]);
  return all;
}

at::Tensor targets(const TaskHead& head) {
  std::vector<at::Tensor> encoded;
  for (const std::string& cell : cells(head)) encoded.push_back(head.encode(cell));
  return torch::stack(encoded);
}

}  // namespace

TEST_CASE("the four heads are found") { CHECK(test::offered(PluginKind::head).size() >= 4); }

TEST_CASE("every head: shapes, finite losses, gradients everywhere") {
  for (const std::string& name : test::offered(PluginKind::head)) {
    CAPTURE(name);
    const auto head = make(name);
    const at::Tensor truth = targets(*head);
    head->prepare(truth);
    Features input = features();
    input.pooled.requires_grad_();
    input.map.requires_grad_();
    const at::Tensor outputs = head->forward(input);
    const at::Tensor loss = head->loss(outputs, truth);
    CHECK(outputs.size(0) == batch);
    CHECK(loss.sizes() == at::IntArrayRef({batch}));
    CHECK(loss.isfinite().all().item<bool>());
    loss.sum().backward();
    const auto size = [](const at::Tensor& grad) { return grad.defined() ? grad.abs().sum().item<double>() : 0; };
    CHECK(size(input.pooled.grad()) + size(input.map.grad()) > 0);
    for (const auto& item : head->named_parameters()) {
      CAPTURE(item.key());
      CHECK(item.value().grad().isfinite().all().item<bool>());
      CHECK(item.value().grad().abs().sum().item<double>() > 0);
    }
    const at::Tensor one = input.pooled.detach().slice(0, 0, 1);
    CHECK(head->forward({input.map.detach().slice(0, 0, 1), one}).size(0) == 1);
    CHECK(torch::equal(make(name)->forward(input), outputs));
  }
}

TEST_CASE("every head: the gradient is that of finite differences") {
  for (const std::string& name : test::offered(PluginKind::head)) {
    CAPTURE(name);
    const auto head = make(name);
    head->to(torch::kFloat64);
    const at::Tensor truth = targets(*head);
    // Pooled features that are the map's mean: the gradient of the map is there for every head.
    const at::Tensor map = features().map.to(torch::kFloat64).requires_grad_();
    const auto total = [&](const at::Tensor& x) { return head->loss(head->forward({x, x.mean({2, 3})}), truth).sum(); };
    total(map).backward();
    constexpr double step = 1e-5;
    for (int64_t i : {0, 5, 17}) {
      torch::NoGradGuard no_grad;
      const at::Tensor shift = torch::zeros_like(map);
      shift[1][i][0][1] = step;
      const double slope = (total(map + shift) - total(map - shift)).item<double>() / (2 * step);
      CHECK(map.grad()[1][i][0][1].item<double>() == doctest::Approx(slope).epsilon(1e-5));
    }
  }
}

TEST_CASE("every head overfits one batch") {
  for (const std::string& name : test::offered(PluginKind::head)) {
    CAPTURE(name);
    const auto head = make(name);
    const at::Tensor truth = targets(*head);
    torch::optim::Adam optimizer(head->parameters(), torch::optim::AdamOptions(0.05));
    const Features input = features();
    double first = 0, last = 0;
    for (int step = 0; step < 150; ++step) {
      optimizer.zero_grad();
      const at::Tensor loss = head->loss(head->forward(input), truth).mean();
      loss.backward();
      optimizer.step();
      (step == 0 ? first : last) = loss.item<double>();
    }
    CHECK(last < 0.2 * first);
    head->eval();
    const at::Tensor outputs = head->forward(input);
    CHECK_FALSE(head->figures(outputs, truth).empty());
    if (head->classes().names.empty()) continue;
    CHECK(last < 0.05 * first);
    CHECK(head->figures(outputs, truth).front().value == 1.0);
    const auto predictions = head->predict(outputs);
    REQUIRE(predictions.size() == static_cast<size_t>(batch));
    for (int64_t i = 0; i < batch; ++i) CHECK(predictions[static_cast<size_t>(i)].label == head->decode(truth[i]));
  }
}

TEST_CASE("every head refuses a label it does not know, and says what it knows") {
  for (const std::string& name : test::offered(PluginKind::head)) {
    CAPTURE(name);
    const auto head = make(name);
    if (head->classes().names.empty()) continue;  // what it does not know is its own matter
    CHECK(test::error_of([&] {
            head->encode("no such label");
          }).find("label 'no such label' is not in the class list") == 0);
  }
}
