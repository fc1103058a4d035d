// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/Trainer.h"

#include "core/base/Files.h"
#include "core/base/Random.h"
#include "core/model/ModelFolder.h"
#include "core/torch/Devices.h"
#include "core/torch/TorchTensors.h"

#include <cmath>
#include <cstdio>
#include <numbers>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr double kPeakRate = 1.2e-3;
constexpr double kPeakRateOfTrained = 4e-4; // more would first undo what the decoder knows
constexpr std::int64_t kRecentLatents = 8192;
constexpr std::int64_t kMostAveraged = 4; // latents in a mean
constexpr double kFinalShare = 0.03;
constexpr double kWarmUpSteps = 300;
constexpr double kLatentNoise = 0.05;
constexpr std::int64_t kBatchTokens = 1536;
// The output layer is 40% of a step. Until the last part of the run it scores only the batch's own pieces and some
// random others; then all of them, so that no piece that was seldom drawn stays too likely.
constexpr double kSampledShare = 0.85;
constexpr std::int64_t kSampledPieces = 1536;
constexpr int kBos = 2, kEos = 3;

/// The decoder shares the pieces' vectors with the encoder: they are not its own.
bool isDecoders(const std::string& name)
{
    return name.starts_with("decoder") || name.starts_with("unbind") || name.starts_with("unproject") || name.starts_with("latent_norm")
        || name.starts_with("slot");
}

fs::path checkpointFile(const fs::path& folder) { return folder / "checkpoint.pt"; }

} // namespace

Trainer::Trainer(const TrainingOptions& options, const Corpus& corpus, const Tokenizer& tokenizer, const NetworkConfig& config)
    : m_options(options)
    , m_device(deviceFromName(options.device))
{
    torch::manual_seed(options.seed);
    m_network = Network(config);
    if (!options.from.empty())
        fillNetwork(*m_network, loadWeights(options.from, config));
    m_network->to(m_device);
    std::vector<torch::Tensor> decayed, plain;
    for (auto& p : m_network->named_parameters()) {
        if (!options.from.empty() && !isDecoders(p.key()))
            p.value().set_requires_grad(false);
        else
            (p.value().dim() > 1 ? decayed : plain).push_back(p.value());
    }
    std::vector<torch::optim::OptimizerParamGroup> groups;
    const auto rates = torch::optim::AdamWOptions(kPeakRate).betas({ 0.9, 0.98 }).eps(1e-8);
    groups.emplace_back(decayed, std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(rates).weight_decay(0.01)));
    groups.emplace_back(plain, std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(rates).weight_decay(0)));
    m_optimizer = std::make_unique<torch::optim::AdamW>(groups, rates);
    if (options.resume)
        loadCheckpoint();
    m_text = std::make_unique<TrainingText>(corpus, tokenizer, static_cast<int>(config.maxTokens), kBatchTokens,
                                            mixSeed(options.seed, static_cast<std::uint64_t>(m_done.steps)));
}

double Trainer::fraction() const
{
    return m_options.steps > 0 ? static_cast<double>(m_done.steps) / static_cast<double>(m_options.steps)
                               : m_done.seconds / (60 * m_options.minutes);
}

double Trainer::learningRate() const
{
    const double warm = std::min(1.0, static_cast<double>(m_done.steps + 1) / kWarmUpSteps);
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, fraction())));
    return (m_options.from.empty() ? kPeakRate : kPeakRateOfTrained) * warm * (kFinalShare + (1 - kFinalShare) * cosine);
}

double Trainer::step(const TrainingBatch& batch)
{
    const auto count = batch.count();
    const auto ids = torch::tensor(batch.ids, torch::kLong).view({ count, batch.length }).to(m_device);
    const auto bos = torch::full({ count, 1 }, kBos, ids.options());
    const auto eos = torch::full({ count, 1 }, kEos, ids.options());
    for (auto& group : m_optimizer->param_groups())
        static_cast<torch::optim::AdamWOptions&>(group.options()).lr(learningRate());

    const auto z = latentsOf(ids);
    const auto hidden = m_network->decode(z, torch::cat({ bos, ids }, 1)).flatten(0, 1);
    const auto loss = lossOf(hidden, torch::cat({ ids, eos }, 1).flatten());
    m_optimizer->zero_grad();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(m_network->parameters(), 1.0);
    m_optimizer->step();
    ++m_done.steps;
    m_done.tokens += count * batch.length;
    return loss.item<double>();
}

torch::Tensor Trainer::latentsOf(const torch::Tensor& ids)
{
    torch::AutoGradMode gradients(m_options.from.empty());
    auto z = m_network->encode(ids);
    if (m_options.averaged > 0)
        z = averaged(z);
    return z + kLatentNoise * torch::randn_like(z);
}

/// What several segments on one row leave there; the text wanted is that of the one at hand. What is averaged with it
/// are latents of earlier batches, so that the lengths differ as they do in a memory.
torch::Tensor Trainer::averaged(const torch::Tensor& z)
{
    const auto alone = z.detach();
    if (!m_recent.defined())
        m_recent = torch::zeros({ kRecentLatents, z.size(1) }, alone.options());
    const auto known = std::min(m_kept, kRecentLatents), count = z.size(0);
    auto mixed = z;
    if (known >= kMostAveraged) {
        const auto numbers = alone.options();
        const auto chosen = torch::rand({ count, 1 }, numbers) < m_options.averaged;
        const auto in = torch::randint(2, kMostAveraged + 1, { count, 1 }, numbers); // a mean of this many
        auto sum = z;
        for (std::int64_t other = 1; other < kMostAveraged; ++other) {
            const auto at = torch::randint(known, { count }, torch::TensorOptions().dtype(torch::kLong).device(z.device()));
            sum = sum + m_recent.index_select(0, at) * (in > other);
        }
        mixed = torch::where(chosen, sum / in, z);
    }
    const auto first = m_kept % kRecentLatents, fitting = std::min(count, kRecentLatents - first);
    m_recent.narrow(0, first, fitting).copy_(alone.narrow(0, 0, fitting));
    m_kept += fitting;
    return mixed;
}

torch::Tensor Trainer::lossOf(const torch::Tensor& hidden, const torch::Tensor& targets)
{
    if (fraction() >= kSampledShare)
        return torch::cross_entropy_loss(m_network->logits(hidden), targets);
    const auto others = torch::randint(m_network->config.decoder.vocabulary, { kSampledPieces }, targets.options());
    const auto [pieces, index] = torch::_unique(torch::cat({ targets, others }), true, true);
    return torch::cross_entropy_loss(m_network->logits(hidden, pieces), index.narrow(0, 0, targets.size(0)));
}

void Trainer::report(const Task& task) const
{
    char note[96];
    std::snprintf(note, sizeof note, "loss %.4f, %.0f tokens/s", m_done.loss, static_cast<double>(m_done.tokens) / std::max(1e-9, m_done.seconds));
    if (m_options.steps > 0)
        task.report({ "train", static_cast<double>(m_done.steps), static_cast<double>(m_options.steps), "steps", note });
    else
        task.report({ "train", m_done.seconds, 60 * m_options.minutes, "s", note });
}

TrainingSummary Trainer::run(const Task& task)
{
    m_last = std::chrono::steady_clock::now();
    double sinceCheckpoint = 0;
    while (fraction() < 1) {
        const double loss = step(m_text->next());
        if (!std::isfinite(loss))
            throw Error("the loss is no longer a number", "step " + std::to_string(m_done.steps), "try another --seed, or --resume from the last checkpoint");
        m_done.loss = m_done.steps == 1 ? loss : 0.98 * m_done.loss + 0.02 * loss;
        const auto now = std::chrono::steady_clock::now();
        const double seconds = std::chrono::duration<double>(now - m_last).count();
        m_last = now;
        m_done.seconds += seconds;
        sinceCheckpoint += seconds;
        if (sinceCheckpoint >= static_cast<double>(m_options.checkpointEverySeconds)) {
            saveCheckpoint();
            sinceCheckpoint = 0;
        }
        try {
            report(task);
        } catch (const Cancelled&) {
            saveCheckpoint();
            throw;
        }
    }
    saveCheckpoint();
    return m_done;
}

void Trainer::saveCheckpoint() const
{
    writeFileAtomically(checkpointFile(m_options.out), [this](const fs::path& temporary) {
        torch::serialize::OutputArchive archive, network, optimizer;
        m_network->save(network);
        m_optimizer->save(optimizer);
        archive.write("network", network);
        archive.write("optimizer", optimizer);
        archive.write("steps", torch::tensor(m_done.steps));
        archive.write("tokens", torch::tensor(m_done.tokens));
        archive.write("seconds", torch::tensor(m_done.seconds, torch::kDouble));
        archive.write("loss", torch::tensor(m_done.loss, torch::kDouble));
        archive.save_to(temporary.string());
    });
}

void Trainer::loadCheckpoint()
{
    const auto file = checkpointFile(m_options.out);
    if (!fs::exists(file))
        throw Error("nothing to resume", file.string(), "train without --resume first");
    try {
        torch::serialize::InputArchive archive, network, optimizer;
        archive.load_from(file.string(), m_device);
        archive.read("network", network);
        archive.read("optimizer", optimizer);
        m_network->load(network);
        m_optimizer->load(optimizer);
        const auto number = [&archive](const char* name) {
            torch::Tensor value; // a new one each time: reading into a used one would keep its type
            archive.read(name, value);
            return value.to(torch::kDouble).item<double>();
        };
        m_done.steps = static_cast<std::int64_t>(number("steps"));
        m_done.tokens = static_cast<std::int64_t>(number("tokens"));
        m_done.seconds = number("seconds");
        m_done.loss = number("loss");
    } catch (const c10::Error&) {
        throw Error("the checkpoint is damaged or of another network", file.string(), "train without --resume");
    }
}

} // namespace hayloft
