// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Reconstruction.h"

#include "core/model/GeneratedText.h"
#include "core/text/Segmenter.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace hayloft {

namespace {

constexpr int kBucketTokens = 16;
constexpr int kBuckets = 4;
constexpr int kMostDraws = 400000;

struct Drawn {
    std::vector<std::string> texts;
    std::vector<TokenIds> ids;
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string_view> paragraphsOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        if (end > begin + 1)
            lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    if (lines.empty())
        throw Error("no paragraphs to draw segments from", "", "give a longer text");
    return lines;
}

bool full(const std::array<Drawn, kBuckets>& buckets, int perBucket)
{
    return std::all_of(buckets.begin(), buckets.end(), [&](const Drawn& d) { return static_cast<int>(d.ids.size()) >= perBucket; });
}

std::array<Drawn, kBuckets> drawByLength(const LatentModel& model, const std::vector<std::string_view>& lines, int perBucket, Random& random, const Task& task)
{
    std::array<Drawn, kBuckets> buckets;
    for (int draw = 0; !full(buckets, perBucket); ++draw) {
        if (draw > kMostDraws)
            throw Error("the text has too few segments of some length", "", "give a longer text or fewer --segments");
        if (draw % 64 == 0)
            task.check();
        const auto line = lines[random.below(lines.size())];
        const auto kind = draw % 2 ? SegmenterKind::Sentence : SegmenterKind::Paragraph;
        for (const auto& s : segmentText(line, model.tokenizer(), { kind, kBucketTokens * kBuckets })) {
            if (s.tokens.size() < 2)
                continue;
            auto& bucket = buckets[(s.tokens.size() - 1) / kBucketTokens];
            if (static_cast<int>(bucket.ids.size()) >= perBucket)
                continue;
            bucket.ids.push_back(s.tokens);
            bucket.texts.emplace_back(line.substr(s.contentBegin, s.contentEnd - s.contentBegin));
        }
    }
    return buckets;
}

ReconstructionBucket measure(const LatentModel& model, std::string name, const Drawn& drawn, ReconstructionReport& report, const Task& task)
{
    ReconstructionBucket bucket;
    bucket.name = std::move(name);
    bucket.segments = static_cast<int>(drawn.ids.size());
    for (const auto& ids : drawn.ids)
        bucket.tokens += static_cast<std::int64_t>(ids.size());
    auto start = std::chrono::steady_clock::now();
    const Matrix z = model.encode(drawn.ids, task);
    report.encodeSeconds += secondsSince(start);
    start = std::chrono::steady_clock::now();
    const auto decoded = model.decode(z, task);
    report.decodeSeconds += secondsSince(start);
    report.tokens += bucket.tokens;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        if (decoded[i].text == drawn.texts[i])
            ++bucket.exact;
        else if (bucket.example.empty())
            bucket.example = "\"" + drawn.texts[i] + "\" -> \"" + decoded[i].text + "\"";
    }
    return bucket;
}

Drawn generate(const LatentModel& model, GeneratedKind kind, const std::vector<std::string>& sentences, int count, Random& random)
{
    Drawn drawn;
    while (static_cast<int>(drawn.ids.size()) < count) {
        const auto text = generateSegment(kind, sentences[random.below(sentences.size())], random);
        auto ids = model.tokenizer().encode(text);
        if (ids.empty() || ids.size() > static_cast<std::size_t>(model.info().maxTokens))
            continue;
        drawn.texts.push_back(text);
        drawn.ids.push_back(std::move(ids));
    }
    return drawn;
}

} // namespace

ReconstructionReport measureReconstruction(const LatentModel& model, std::string_view text, int perBucket, std::uint64_t seed, const Task& task)
{
    Random random(seed);
    ReconstructionReport report;
    const auto buckets = drawByLength(model, paragraphsOf(text), perBucket, random, task);
    for (int i = 0; i < kBuckets; ++i)
        report.lengths.push_back(measure(model, std::to_string(std::max(2, i * kBucketTokens + 1)) + "-" + std::to_string((i + 1) * kBucketTokens),
                                         buckets[static_cast<std::size_t>(i)], report, task));
    for (const auto kind : generatedKinds())
        report.generated.push_back(measure(model, std::string(nameOf(kind)), generate(model, kind, buckets[1].texts, perBucket, random), report, task));
    return report;
}

} // namespace hayloft
