// Published ways of weighting tasks' losses and gradients (docs/loss_weighting.md).
#include "mtl/plugin.h"
#include "weightings/adaptive/loss_methods.h"
#include "weightings/adaptive/main_task_methods.h"

using namespace mtl::weightings;

MTL_PLUGIN(.name = "adaptive", .version = "0.1.0", .licence = "MIT",
           .summary = "published ways of weighting tasks by their losses and gradients",
           .offers =
               "weighting:equal weighting:uncertainty weighting:dwa weighting:rlw weighting:gls weighting:famo "
               "weighting:stch weighting:gradnorm weighting:mgda weighting:pcgrad weighting:cagrad "
               "weighting:imtl_g weighting:imtl weighting:aligned_mtl weighting:nash_mtl weighting:fairgrad "
               "weighting:upgrad weighting:db_mtl weighting:gradient_gating weighting:main_protecting") {
  return {
      mtl::weighting<Equal>("equal", "weight 1 for every task", {}),
      mtl::weighting<Uncertainty>("uncertainty", "learned homoscedastic uncertainty (Kendall 2018)",
                                  Uncertainty::options()),
      mtl::weighting<DynamicWeightAverage>("dwa", "by how fast losses fell in the last epochs (Liu 2019)",
                                           DynamicWeightAverage::options()),
      mtl::weighting<RandomWeights>("rlw", "random weights in every step (Lin 2022)", {}),
      mtl::weighting<GeometricLoss>("gls", "geometric mean of the losses (Chennupati 2019)", {}),
      mtl::weighting<Famo>("famo", "equal relative falls of all losses (Liu 2023)", Famo::options()),
      mtl::weighting<SmoothTchebycheff>("stch", "smooth Tchebycheff scalarization (Lin 2024)",
                                        SmoothTchebycheff::options()),
      mtl::weighting<GradNorm>("gradnorm", "gradient norms that follow training rates (Chen 2018)",
                               GradNorm::options()),
      mtl::weighting<Mgda>("mgda", "shortest vector in the gradients' convex hull (Sener 2018)", {}),
      mtl::weighting<PcGrad>("pcgrad", "projects conflicting gradients (Yu 2020)", {}),
      mtl::weighting<CaGrad>("cagrad", "best worst-case descent near the mean gradient (Liu 2021)", CaGrad::options()),
      mtl::weighting<ImtlG>("imtl_g", "equal projections on all gradients (Liu 2021)", {}),
      mtl::weighting<Imtl>("imtl", "equal projections and learned loss scales (Liu 2021)", Imtl::options()),
      mtl::weighting<AlignedMtl>("aligned_mtl", "principal components of equal length (Senushkin 2023)", {}),
      mtl::weighting<NashMtl>("nash_mtl", "Nash's bargaining solution (Navon 2022)", {}),
      mtl::weighting<FairGrad>("fairgrad", "alpha-fair descent (Ban 2024)", FairGrad::options()),
      mtl::weighting<UpGrad>("upgrad", "mean of gradients that oppose none (Quinton 2024)", UpGrad::options()),
      mtl::weighting<DbMtl>("db_mtl", "log losses, averaged gradients of equal norm (Lin 2023)", DbMtl::options()),
      mtl::weighting<GradientGating>("gradient_gating", "helpers count while they pull with the main task (Du 2018)",
                                     {}),
      mtl::weighting<MainProtecting>("main_protecting", "helpers lose what opposes the main task", {})};
}
