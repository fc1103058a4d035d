// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ToyModel.h"

#include "core/base/Random.h"

#include <cmath>

namespace hayloft {

namespace {

constexpr const char* kWords = "the of and to in is was that it he she for on with as his her they at be this from had not are but by "
                               "have which one all were when we there been their what an or if who will so no said into them then some "
                               "up out could time more like only see other now over these two may down should great little such before "
                               "must good day old very know made after came where never any again long way men upon well still must "
                               "pass key remember important info hidden inside lot irrelevant text find memorize quiz you about "
                               "information here grass green sky blue sun yellow go back best thing do san francisco eat sandwich sit "
                               "dolores park sunny me my your its water house city river night light room hand door table letter year";

std::size_t characterBytes(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// Replaces bytes that are no UTF-8 by U+FFFD.
std::string validUtf8(const std::string& bytes)
{
    std::string text;
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t n = characterBytes(lead);
        bool ok = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5 && i + n <= bytes.size());
        for (std::size_t k = 1; ok && k < n; ++k)
            ok = (static_cast<unsigned char>(bytes[i + k]) & 0xC0) == 0x80;
        if (ok)
            text.append(bytes, i, n);
        else
            text += "\xEF\xBF\xBD";
        i += ok ? n : 1;
    }
    return text;
}

} // namespace

ToyTokenizer::ToyTokenizer()
{
    m_pieces = {"", "", "", ""};
    for (int byte = 0; byte < 256; ++byte)
        add(std::string(1, static_cast<char>(byte)));
    for (char a = 'a'; a <= 'z'; ++a) {
        for (char b = 'a'; b <= 'z'; ++b)
            add({a, b});
        add({' ', a});
        add({' ', static_cast<char>(a - 'a' + 'A')});
    }
    std::string word;
    for (const char* c = kWords;; ++c) {
        if (*c != ' ' && *c != 0) {
            word += *c;
            continue;
        }
        std::string capital = word;
        capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
        for (const auto& w : {word, " " + word, capital, " " + capital})
            add(w);
        word.clear();
        if (*c == 0)
            break;
    }
}

int ToyTokenizer::add(const std::string& piece)
{
    const auto [it, isNew] = m_ids.emplace(piece, static_cast<int>(m_pieces.size()));
    if (isNew)
        m_pieces.push_back(piece);
    m_longest = std::max(m_longest, piece.size());
    return it->second;
}

std::vector<TokenSpan> ToyTokenizer::encodeSpans(std::string_view text) const
{
    std::vector<TokenSpan> spans;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 0x80) { // like byte fallback: the last byte's token covers the character
            const std::size_t end = std::min(text.size(), i + characterBytes(lead));
            for (std::size_t k = i; k < end; ++k)
                spans.push_back({4 + static_cast<unsigned char>(text[k]), i, k + 1 == end ? end : i});
            i = end;
            continue;
        }
        std::size_t n = std::min(m_longest, text.size() - i);
        auto it = m_ids.find(text.substr(i, n));
        while (it == m_ids.end())
            it = m_ids.find(text.substr(i, --n));
        spans.push_back({it->second, i, i + n});
        i += n;
    }
    return spans;
}

TokenIds ToyTokenizer::encode(std::string_view text) const
{
    TokenIds ids;
    for (const auto& span : encodeSpans(text))
        ids.push_back(span.id);
    return ids;
}

std::string ToyTokenizer::decode(const TokenIds& ids) const
{
    std::string bytes;
    for (int id : ids)
        bytes += m_pieces.at(static_cast<std::size_t>(id));
    return validUtf8(bytes);
}

std::string ToyTokenizer::piece(int id) const
{
    return validUtf8(m_pieces.at(static_cast<std::size_t>(id)));
}

ToyModel::ToyModel(int latentSize, int maxTokens) : m_block(latentSize / (maxTokens + 1))
{
    if (m_block < 6)
        throw Error("the toy model needs at least 6 numbers per position");
    m_info.name = "toy";
    m_info.sha256 = std::string(64, '0');
    m_info.latentSize = latentSize;
    m_info.maxTokens = maxTokens;
    m_info.vocabularySize = m_tokenizer.size();
    m_info.prefixTokens = 4;
    m_info.promptTokens = maxTokens;
    m_info.device = "cpu";
    m_info.card = "# toy\nA model for tests.";
    m_codes.resize(m_tokenizer.size(), m_block);
    Random random(20240711);
    for (Index i = 0; i < m_codes.size(); ++i)
        m_codes.data()[i] = static_cast<float>(random.normal());
    m_info.parameters = m_codes.size();
    for (Index id = 0; id < m_codes.rows(); ++id) {
        m_codes.row(id).array() -= m_codes.row(id).mean();
        m_codes.row(id).normalize();
    }
}

RowVector ToyModel::encodeOne(const TokenIds& ids) const
{
    const auto n = static_cast<Index>(ids.size());
    if (n < 1 || n > m_info.maxTokens)
        throw Error("a segment has " + std::to_string(n) + " tokens", "toy model",
                    "give 1 to " + std::to_string(m_info.maxTokens));
    RowVector z = RowVector::Zero(m_info.latentSize);
    const float scale = std::sqrt(static_cast<float>(m_info.latentSize) / static_cast<float>(n + 1));
    for (Index t = 0; t <= n; ++t) {
        const int id = t < n ? ids[static_cast<std::size_t>(t)] : m_tokenizer.eosId();
        if (id < 0 || id >= m_tokenizer.size())
            throw Error("token id out of range", "toy model", "");
        z.segment(t * m_block, m_block) = scale * m_codes.row(id);
    }
    m_tokensEncoded += n;
    return z;
}

Matrix ToyModel::encode(const std::vector<TokenIds>& sequences, const Task& task) const
{
    double total = 0, done = 0;
    for (const auto& ids : sequences)
        total += static_cast<double>(ids.size());
    Matrix z(static_cast<Index>(sequences.size()), m_info.latentSize);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        z.row(static_cast<Index>(i)) = encodeOne(sequences[i]);
        done += static_cast<double>(sequences[i].size());
        if (i % 256 == 255 || i + 1 == sequences.size())
            task.report({"encode", done, total, "tokens", ""});
    }
    return z;
}

Decoded ToyModel::decodeOne(const Eigen::Ref<const RowVector>& z, const TokenIds& prompt) const
{
    Decoded decoded;
    decoded.ids = prompt;
    decoded.probabilities.assign(prompt.size(), 1.0f);
    const float quiet = 0.35f * std::sqrt(static_cast<float>(m_info.latentSize) / static_cast<float>(m_info.maxTokens + 1));
    for (auto t = static_cast<Index>(prompt.size()); t <= m_info.maxTokens; ++t) {
        const RowVector block = z.segment(t * m_block, m_block);
        const float norm = block.norm();
        if (norm < quiet || !std::isfinite(norm)) {
            decoded.endProbability = 0.5f;
            break;
        }
        const RowVector logits = (30.0f / norm) * (block * m_codes.transpose());
        Index best = 0;
        logits.tail(logits.size() - 3).maxCoeff(&best); // pad, unk and bos are never chosen
        best += 3;
        const float probability = 1.0f / (logits.array() - logits(best)).exp().sum();
        if (best == m_tokenizer.eosId()) {
            decoded.endProbability = probability;
            break;
        }
        if (t == m_info.maxTokens)
            break;
        decoded.ids.push_back(static_cast<int>(best));
        decoded.probabilities.push_back(probability);
    }
    decoded.text = m_tokenizer.decode(decoded.ids);
    return decoded;
}

std::vector<Decoded> ToyModel::decode(const Matrix& latents, const Task& task) const
{
    return decodeAfter(std::vector<std::string>(static_cast<std::size_t>(latents.rows())), latents, task);
}

std::vector<Decoded> ToyModel::decodeAfter(const std::vector<std::string>& prompts, const Matrix& latents, const Task& task) const
{
    if (std::ssize(prompts) != latents.rows())
        throw Error("one prompt is needed for each latent", "toy model", "");
    if (latents.rows() > 0 && latents.cols() != m_info.latentSize)
        throw Error("latents have the wrong size", "toy model", "");
    std::vector<Decoded> decoded;
    for (Index i = 0; i < latents.rows(); ++i) {
        decoded.push_back(decodeOne(latents.row(i), m_tokenizer.encode(prompts[static_cast<std::size_t>(i)])));
        ++m_latentsDecoded;
        if (i % 64 == 63)
            task.report({"decode", static_cast<double>(i + 1), static_cast<double>(latents.rows()), "segments", ""});
    }
    return decoded;
}

KeyStatistics ToyModel::keyStatistics(int prefixTokens, const Task& task) const
{
    task.check();
    Random random(7);
    KeyStatistics statistics;
    const Index n = 512;
    statistics.sample.resize(n, m_info.latentSize);
    for (Index i = 0; i < n; ++i) {
        TokenIds ids(static_cast<std::size_t>(prefixTokens));
        for (int& id : ids)
            id = 260 + static_cast<int>(random.below(static_cast<std::uint64_t>(m_tokenizer.size() - 260)));
        statistics.sample.row(i) = encodeOne(ids);
        m_tokensEncoded -= prefixTokens;
    }
    statistics.mean = statistics.sample.colwise().mean();
    const Matrix centred = statistics.sample.rowwise() - statistics.mean;
    statistics.covarianceFactor = centred.transpose() / std::sqrt(static_cast<float>(n));
    statistics.keys = n;
    return statistics;
}

void ToyModel::giveContentKeys(const AbsenceRule& absence)
{
    ContentKeyTable table;
    table.absence = absence;
    m_contentKeys = std::make_unique<ContentKeys>(std::move(table), m_info.latentSize);
}

std::vector<TokenIds> ToyModel::keyPrefixes() const
{
    std::vector<TokenIds> prefixes;
    Random random(8);
    for (int i = 0; i < 300 && m_contentKeys; ++i)
        prefixes.push_back(m_tokenizer.encode("they " + m_tokenizer.piece(1000 + static_cast<int>(random.below(400))) + " came at "
                                              + std::to_string(random.below(1000))));
    return prefixes;
}

} // namespace hayloft
