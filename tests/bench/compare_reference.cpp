// SPDX-License-Identifier: GPL-3.0-or-later
// An imported model against what the published code gave on the same weights (tests/parity/larimar_network.py), with times.
#include "core/compute/ParallelJobs.h"
#include "core/model/ModelFolder.h"
#include "core/model/SegmentDecoder.h"
#include "core/model/SegmentEncoder.h"
#include "tests/torch/TinyLarimar.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>
#include <string_view>

using namespace hayloft;

namespace {

constexpr float kUndecided = 1e-4f; ///< the reference's two best logits: nearer, and rounding chooses between them

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Matrix matrixOf(const StoredTensor& tensor)
{
    const auto values = tensor.floats();
    return Eigen::Map<const Matrix>(values.data(), tensor.shape[0], tensor.shape[1]);
}

std::vector<TokenIds> rowsOf(const StoredTensor& tensor)
{
    const auto ids = tensor.ints();
    std::vector<TokenIds> rows(static_cast<std::size_t>(tensor.shape[0]));
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] >= 0)
            rows[i / static_cast<std::size_t>(tensor.shape[1])].push_back(ids[i]);
    return rows;
}

void printError(const char* stage, const Matrix& found, const Matrix& expected)
{
    const double most = static_cast<double>((found - expected).cwiseAbs().maxCoeff()), size = static_cast<double>(expected.cwiseAbs().maxCoeff());
    std::printf("%-8s max |a - b| %.2e, of max |b| %.2e, |b| up to %.3g\n", stage, most, most / size, size);
}

void compareLatents(const PackedNetwork& network, const std::vector<TokenIds>& texts, const Matrix& expected)
{
    Matrix found(expected.rows(), expected.cols());
    std::vector<SegmentEncoder> encoders;
    for (int thread = 0; thread < computeThreads(); ++thread)
        encoders.emplace_back(network);
    const auto start = std::chrono::steady_clock::now();
    runJobs(texts.size(), computeThreads(), [&](std::size_t i, int thread) {
        const TokenIds* text = &texts[i];
        float* row = found.row(static_cast<Index>(i)).data();
        encoders[static_cast<std::size_t>(thread)].encode({ &text, 1 }, { &row, 1 });
    }, {});
    std::printf("encode   %zu texts, one after the other on each thread: %.2f s\n", texts.size(), secondsSince(start));
    printError("latents", found, expected);
}

void compareTexts(const std::vector<Decoded>& found, const std::vector<TokenIds>& prompts, const std::vector<TokenIds>& expected, const Matrix& margins, int eos)
{
    int same = 0, undecided = 0, different = 0;
    std::set<int> tokens;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const TokenIds own(found[i].ids.begin() + std::ssize(prompts[i]), found[i].ids.end());
        const TokenIds whole(expected[i].begin(), std::find(expected[i].begin(), expected[i].end(), eos));
        tokens.insert(whole.begin(), whole.end());
        const auto at = std::mismatch(own.begin(), own.end(), whole.begin(), whole.end()).first - own.begin();
        if (own == whole)
            ++same;
        else if (margins(static_cast<Index>(i), std::min<Index>(at, margins.cols() - 1)) < kUndecided)
            ++undecided;
        else
            ++different;
    }
    std::printf("texts    %d the same, %d part where the reference's two best logits are within %g, %d different; %zu distinct tokens\n", same, undecided,
                static_cast<double>(kUndecided), different, tokens.size());
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 3) {
        std::printf("compare_reference MODEL_FOLDER|tiny ORACLE.safetensors\n");
        return 2;
    }
    const auto reference = loadSafeTensors(argv[2]);
    const bool tiny = std::string_view(argv[1]) == "tiny";
    NetworkConfig config = tiny ? test::TinyLarimar::config() : loadModelConfig(argv[1]).network;
    const auto prompts = rowsOf(reference.at("prompts")), expected = rowsOf(reference.at("continued"));
    config.answerTokens = reference.at("continued").shape[1];
    const PackedNetwork network(config, tiny ? test::TinyLarimar().weights() : loadWeights(argv[1], config), bestKernels());
    const Matrix latents = matrixOf(reference.at("latents"));
    const int bos = static_cast<int>(config.decoder.vocabulary) - 2, eos = bos + 1;
    compareLatents(network, rowsOf(reference.at("texts")), latents);

    ThreadTeam team(computeThreads());
    constexpr Index kRows = 48;
    const Matrix some = matrixOf(reference.at("logits"));
    const Index stride = std::max<Index>(1, config.decoder.vocabulary / 500);
    Matrix logits(some.rows(), some.cols());
    std::vector<Decoded> found;
    double seconds = 0;
    for (Index first = 0; first < latents.rows(); first += kRows) {
        const Index count = std::min(kRows, latents.rows() - first);
        const auto given = std::span(prompts).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
        const Matrix whole = SegmentDecoder(network, latents.middleRows(first, count), given, bos, eos, &team).logitsAfterPrompts({});
        for (Index j = 0; j < some.cols(); ++j)
            logits.block(first, j, count, 1) = whole.col(j * stride);
        const auto start = std::chrono::steady_clock::now();
        auto decoded = SegmentDecoder(network, latents.middleRows(first, count), given, bos, eos, &team).run({});
        seconds += secondsSince(start);
        std::move(decoded.begin(), decoded.end(), std::back_inserter(found));
    }
    printError("logits", logits, some);
    std::printf("decode   %td texts of up to %lld new tokens, %td at a time: %.2f s\n", latents.rows(), static_cast<long long>(config.answerTokens), kRows, seconds);
    compareTexts(found, prompts, expected, matrixOf(reference.at("margins")), eos);
    const auto start = std::chrono::steady_clock::now();
    SegmentDecoder(network, latents.topRows(1), std::span(prompts).first(1), bos, eos, &team).run({});
    std::printf("decode   one text: %.2f s\n", secondsSince(start));
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "compare_reference: %s\n", e.what());
    return 1;
}
