// SPDX-License-Identifier: GPL-3.0-or-later
// Answers a second: Hayloft's decoder, LibTorch with a key/value cache, and LibTorch that computes the whole prefix anew
// for each token, in turn, same threads and latents.
//   hayloft-launch compare_decode MODEL_FOLDER [answers]
#include "core/base/Random.h"
#include "core/compute/ParallelJobs.h"
#include "core/model/CpuLarimar.h"
#include "core/torch/Devices.h"
#include "core/torch/TorchLarimar.h"
#include "core/torch/TorchTensors.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace hayloft;

namespace {

using Ids = std::vector<TokenIds>;

/// Greedy, without a cache; rows that have ended go on unread, as in a plain loop.
Ids recompute(Network& network, const Matrix& latents, int bos, int eos)
{
    torch::InferenceMode guard;
    const auto z = torch::from_blob(const_cast<float*>(latents.data()), { latents.rows(), latents.cols() });
    auto ids = torch::full({ latents.rows(), 1 }, bos, torch::kLong);
    auto ended = torch::zeros({ latents.rows() }, torch::kBool);
    while (ids.size(1) <= network->config.maxTokens && !ended.all().item<bool>()) {
        const auto next = network->logits(network->decode(z, ids).select(1, -1)).argmax(-1);
        ended = ended.logical_or(next == eos);
        ids = torch::cat({ ids, next.unsqueeze(1) }, 1);
    }
    Ids result;
    for (std::int64_t row = 0; row < ids.size(0); ++row) {
        result.emplace_back();
        for (std::int64_t t = 1; t < ids.size(1) && ids[row][t].item<std::int64_t>() != eos; ++t)
            result.back().push_back(static_cast<int>(ids[row][t].item<std::int64_t>()));
    }
    return result;
}

Ids idsOf(const std::vector<Decoded>& decoded)
{
    Ids ids;
    for (const auto& answer : decoded)
        ids.push_back(answer.ids);
    return ids;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::printf("compare_decode MODEL_FOLDER [answers]\n");
        return 2;
    }
    useTorchThreads(0);
    const Index answers = argc > 2 ? std::atol(argv[2]) : 512;
    const CpuLarimar own(argv[1]);
    const TorchLarimar cached(argv[1], "cpu");
    const auto config = loadModelConfig(argv[1]);
    Network network(config.network);
    fillNetwork(*network, loadWeights(argv[1], config.network));
    network->eval();
    // The beginnings of training segments, up to 16 tokens each.
    auto prefixes = loadKeyPrefixes(argv[1]);
    prefixes.resize(std::min(prefixes.size(), static_cast<std::size_t>(answers)));
    const Matrix latents = own.encode(prefixes, {});
    const int bos = own.tokenizer().bosId(), eos = own.tokenizer().eosId();
    const std::pair<const char*, std::function<Ids()>> contenders[] = {
        { "hayloft", [&] { return idsOf(own.decode(latents, {})); } },
        { "cache", [&] { return idsOf(cached.decode(latents, {})); } },
        { "recompute", [&] { return recompute(network, latents, bos, eos); } },
    };
    const Ids expected = contenders[0].second();
    for (const auto& [name, run] : contenders) {
        std::vector<double> seconds;
        for (int i = 0; i < 3; ++i) {
            const auto start = std::chrono::steady_clock::now();
            if (run() != expected)
                std::printf("%s gives other answers\n", name);
            seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
        std::sort(seconds.begin(), seconds.end());
        std::printf("%-10s %8.1f answers/s\n", name, static_cast<double>(latents.rows()) / seconds[1]);
    }
}
