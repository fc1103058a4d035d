// SPDX-License-Identifier: GPL-3.0-or-later
// Implements the C interface with sentencepiece; loaded with dlopen or linked into the helper process.
#include "core/text/sentencepiece/TokenizerModule.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct HayloftPieces {
    sentencepiece::SentencePieceProcessor processor;
    std::vector<HayloftSpan> spans;
};

namespace {

void setError(char* error, std::size_t errorSize, const char* message)
{
    if (error && errorSize > 0)
        std::snprintf(error, errorSize, "%s", message);
}

HayloftPieces* openModel(const char* model, std::size_t size, char* error, std::size_t errorSize)
{
    try {
        auto pieces = std::make_unique<HayloftPieces>();
        const auto status = pieces->processor.LoadFromSerializedProto({ model, size });
        if (status.ok())
            return pieces.release();
        setError(error, errorSize, status.error_message());
    } catch (const std::exception& e) {
        setError(error, errorSize, e.what());
    }
    return nullptr;
}

void closeModel(HayloftPieces* pieces)
{
    delete pieces;
}
int sizeOf(const HayloftPieces* pieces)
{
    return pieces->processor.GetPieceSize();
}
int padId(const HayloftPieces* pieces)
{
    return pieces->processor.pad_id();
}
int unkId(const HayloftPieces* pieces)
{
    return pieces->processor.unk_id();
}
int bosId(const HayloftPieces* pieces)
{
    return pieces->processor.bos_id();
}
int eosId(const HayloftPieces* pieces)
{
    return pieces->processor.eos_id();
}

int kindOf(const HayloftPieces* pieces, int id)
{
    const auto& processor = pieces->processor;
    if (processor.IsControl(id))
        return HAYLOFT_PIECE_CONTROL;
    if (processor.IsByte(id))
        return HAYLOFT_PIECE_BYTE;
    if (processor.IsUnknown(id))
        return HAYLOFT_PIECE_UNKNOWN;
    return processor.IsUnused(id) ? HAYLOFT_PIECE_UNUSED : HAYLOFT_PIECE_TEXT;
}

const char* pieceOf(const HayloftPieces* pieces, int id, std::size_t* size)
{
    const std::string& piece = pieces->processor.IdToPiece(id);
    *size = piece.size();
    return piece.data();
}

int encodeText(HayloftPieces* pieces, const char* text, std::size_t size, const HayloftSpan** spans, std::size_t* count,
    char* error, std::size_t errorSize)
{
    try {
        sentencepiece::ImmutableSentencePieceText encoded;
        const auto status = pieces->processor.Encode({ text, size }, encoded.mutable_proto());
        if (!status.ok()) {
            setError(error, errorSize, status.error_message());
            return 0;
        }
        const std::size_t n = encoded.pieces_size();
        pieces->spans.resize(n);
        for (std::size_t i = 0; i < n; ++i) {
            const auto piece = encoded.pieces(static_cast<int>(i));
            pieces->spans[i] = { static_cast<std::int32_t>(piece.id()), piece.begin(), piece.end() };
        }
        *spans = pieces->spans.data();
        *count = n;
        return 1;
    } catch (const std::exception& e) {
        setError(error, errorSize, e.what());
        return 0;
    }
}

/// Feeds the lines of several files. The trainer drops lines above 4192 bytes, so longer ones are cut at spaces.
class LineReader final : public sentencepiece::SentenceIterator {
public:
    LineReader(const char* const* paths, std::size_t count)
        : m_paths(paths)
        , m_count(count)
    {
        Next();
    }
    ~LineReader() override
    {
        closeFile();
        std::free(m_buffer);
    }
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    bool done() const override { return m_done; }
    const std::string& value() const override { return m_value; }
    sentencepiece::util::Status status() const override { return m_status; }
    void Next() override
    {
        while (m_position >= m_line.size()) {
            if (!readLine()) {
                m_done = true;
                return;
            }
        }
        constexpr std::size_t kLongest = 4000;
        std::size_t end = m_line.size();
        if (end - m_position > kLongest) {
            const std::size_t space = m_line.rfind(' ', m_position + kLongest);
            end = space != std::string::npos && space > m_position ? space : m_position + kLongest;
            while (end > m_position + 1 && (static_cast<unsigned char>(m_line[end]) & 0xC0) == 0x80)
                --end;
        }
        m_value.assign(m_line, m_position, end - m_position);
        m_position = end;
    }

private:
    bool readLine()
    {
        for (;;) {
            if (!m_file) {
                if (m_next == m_count)
                    return false;
                m_file = std::fopen(m_paths[m_next], "rb");
                if (!m_file) {
                    m_status = sentencepiece::util::Status(sentencepiece::util::StatusCode::kNotFound,
                        std::string("cannot read ") + m_paths[m_next] + ": " + std::strerror(errno));
                    return false;
                }
                ++m_next;
            }
            const auto length = ::getline(&m_buffer, &m_capacity, m_file);
            if (length < 0) {
                closeFile();
                continue;
            }
            m_line.assign(m_buffer, static_cast<std::size_t>(length));
            while (!m_line.empty() && (m_line.back() == '\n' || m_line.back() == '\r'))
                m_line.pop_back();
            m_position = 0;
            return true;
        }
    }
    void closeFile()
    {
        if (m_file)
            std::fclose(m_file);
        m_file = nullptr;
    }

    const char* const* m_paths;
    std::size_t m_count;
    std::size_t m_next = 0;
    std::FILE* m_file = nullptr;
    char* m_buffer = nullptr;
    std::size_t m_capacity = 0;
    std::string m_line, m_value;
    std::size_t m_position = 0;
    bool m_done = false;
    sentencepiece::util::Status m_status;
};

int trainModel(const HayloftTraining* training, HayloftSink sink, void* context, char* error, std::size_t errorSize)
{
    bool ok = false;
    // sentencepiece seeds its generator once per thread: only a fresh thread makes the seed count.
    std::thread([&] {
        try {
            std::unordered_map<std::string, std::string> options;
            for (std::size_t i = 0; i < training->optionCount; ++i)
                options[training->keys[i]] = training->values[i];
            sentencepiece::SetRandomGeneratorSeed(training->seed);
            LineReader lines(training->inputs, training->inputCount);
            std::string model;
            auto status = sentencepiece::SentencePieceTrainer::Train(options, &lines, &model);
            if (!lines.status().ok())
                status = lines.status();
            ok = status.ok();
            if (ok)
                sink(context, model.data(), model.size());
            else
                setError(error, errorSize, status.error_message());
        } catch (const std::exception& e) {
            ok = false;
            setError(error, errorSize, e.what());
        }
    }).join();
    return ok ? 1 : 0;
}

const HayloftTokenizerApi kApi = { HAYLOFT_TOKENIZER_ABI, openModel, closeModel, sizeOf, padId, unkId, bosId, eosId,
    kindOf, pieceOf, encodeText, trainModel };

} // namespace

extern "C" const HayloftTokenizerApi* hayloftTokenizerApi(void)
{
    return &kApi;
}
