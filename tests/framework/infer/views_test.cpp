#include "framework/infer/views.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <memory>
#include <set>

using namespace mtl;

namespace {

/// A head whose labels survive what it is told.
struct Surviving : TaskHead {
  std::set<Augmentation> survived;

  std::string default_column() const override { return "c"; }
  at::Tensor encode(const std::string&) const override { return torch::zeros({}); }
  std::string decode(const at::Tensor&) const override { return ""; }
  bool survives(Augmentation augmentation) const override { return survived.count(augmentation) > 0; }
  at::Tensor forward(const Features& features) override { return features.pooled; }
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor&) const override { return outputs; }
  std::vector<Prediction> predict(const at::Tensor&) const override { return {}; }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override { return {}; }
};

std::vector<View> views(const std::set<Augmentation>& survived) {
  const auto head = std::make_shared<Surviving>();
  head->survived = survived;
  return views_of(GuardedHead("A", head));
}

using Views = std::vector<View>;

constexpr Augmentation left_right = Augmentation::horizontal_flip, upside_down = Augmentation::vertical_flip,
                       turn = Augmentation::quarter_turn;

}  // namespace

TEST_CASE("a head sees exactly the views that what its labels survive can make, the picture as it is first") {
  const View half{false, 2}, flip{true, 0}, upside{true, 2};
  CHECK((views({}) == Views{as_it_is}));
  CHECK((views({Augmentation::noise}) == Views{as_it_is}));
  CHECK((views({left_right}) == Views{as_it_is, flip}));
  CHECK((views({upside_down}) == Views{as_it_is, upside}));
  CHECK((views({left_right, upside_down}) == Views{as_it_is, half, flip, upside}));
  CHECK((views({turn}) == Views{as_it_is, {false, 1}, half, {false, 3}}));
  CHECK(views({turn, left_right}).size() == 8);
  CHECK(views({turn, upside_down}).size() == 8);
  CHECK((views({turn, left_right, upside_down}).front() == as_it_is));
}

TEST_CASE("a flip, then turns to the left") {
  const at::Tensor image = torch::tensor({{1, 2}, {3, 4}}).view({1, 1, 2, 2});
  const auto seen = [&](const View& view) {
    const at::Tensor pixels = seen_as(image, view).contiguous();
    return std::vector<int64_t>(pixels.data_ptr<int64_t>(), pixels.data_ptr<int64_t>() + 4);
  };
  using Pixels = std::vector<int64_t>;
  CHECK(seen(as_it_is) == Pixels{1, 2, 3, 4});
  CHECK(seen({true, 0}) == Pixels{2, 1, 4, 3});
  CHECK(seen({false, 1}) == Pixels{2, 4, 1, 3});
  CHECK(seen({false, 2}) == Pixels{4, 3, 2, 1});
  CHECK(seen({true, 2}) == Pixels{3, 4, 1, 2});  // upside down
}
