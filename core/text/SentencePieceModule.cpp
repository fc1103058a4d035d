// SPDX-License-Identifier: GPL-3.0-or-later
// sentencepiece in this process, its symbols kept apart from LibTorch's protobuf.
#include "core/base/Error.h"
#include "core/text/ProgramFiles.h"
#include "core/text/SentencePieceBackend.h"

#include <array>
#include <cstdlib>
#include <dlfcn.h>

namespace hayloft {
namespace {

const HayloftTokenizerApi& loadApi()
{
    const auto path = findProgramFile("hayloft_tokenizer.so", "HAYLOFT_TOKENIZER_MODULE");
    // Never closed: sentencepiece keeps thread-local state that outlives a tokenizer.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND | RTLD_NODELETE);
    if (!handle)
        throw Error("the tokenizer module cannot be loaded", ::dlerror(), "build or install Hayloft again");
    void* symbol = ::dlsym(handle, HAYLOFT_TOKENIZER_ENTRY);
    const auto entry = reinterpret_cast<decltype(&hayloftTokenizerApi)>(symbol);
    if (!entry || entry()->abi != HAYLOFT_TOKENIZER_ABI)
        throw Error("the tokenizer module is of another version", path.string(), "build or install Hayloft again");
    return *entry();
}

PieceTable readTable(const HayloftTokenizerApi& api, const HayloftPieces* model)
{
    PieceTable table;
    table.padId = api.padId(model);
    table.unkId = api.unkId(model);
    table.bosId = api.bosId(model);
    table.eosId = api.eosId(model);
    const int size = api.size(model);
    table.pieces.reserve(static_cast<std::size_t>(size));
    for (int id = 0; id < size; ++id) {
        std::size_t length = 0;
        const char* text = api.piece(model, id, &length);
        table.pieces.push_back({ static_cast<HayloftPieceKind>(api.kind(model, id)), std::string(text, length) });
    }
    return table;
}

class ModuleBackend final : public SentencePieceBackend {
public:
    ModuleBackend()
        : m_api(loadApi())
        , m_model(nullptr, m_api.close)
    {
    }

    PieceTable open(std::string_view model) override
    {
        m_model.reset(m_api.open(model.data(), model.size(), m_error.data(), m_error.size()));
        if (!m_model)
            throw Error(m_error.data());
        return readTable(m_api, m_model.get());
    }

    const std::vector<HayloftSpan>& encode(std::string_view text) override
    {
        const HayloftSpan* spans = nullptr;
        std::size_t count = 0;
        if (!m_api.encode(m_model.get(), text.data(), text.size(), &spans, &count, m_error.data(), m_error.size()))
            throw Error(m_error.data());
        m_spans.assign(spans, spans + count);
        return m_spans;
    }

    std::string train(const PieceTraining& training) override
    {
        std::vector<const char*> inputs, keys, values;
        for (const auto& input : training.inputs)
            inputs.push_back(input.c_str());
        for (const auto& [key, value] : training.options) {
            keys.push_back(key.c_str());
            values.push_back(value.c_str());
        }
        const HayloftTraining plain
            = { inputs.data(), inputs.size(), keys.data(), values.data(), keys.size(), training.seed };
        std::string model;
        const auto sink = [](void* out, const char* bytes, std::size_t size) {
            static_cast<std::string*>(out)->assign(bytes, size);
        };
        if (!m_api.train(&plain, sink, &model, m_error.data(), m_error.size()))
            throw Error(m_error.data());
        return model;
    }

private:
    const HayloftTokenizerApi& m_api;
    std::unique_ptr<HayloftPieces, void (*)(HayloftPieces*)> m_model;
    std::vector<HayloftSpan> m_spans;
    std::array<char, 1024> m_error {};
};

constexpr bool kDeepBindRefused =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#else
    false;
#endif

} // namespace

std::unique_ptr<SentencePieceBackend> loadSentencePieceModule()
{
    return std::make_unique<ModuleBackend>();
}

std::unique_ptr<SentencePieceBackend> makeSentencePieceBackend()
{
    const char* asked = std::getenv("HAYLOFT_TOKENIZER");
    const std::string_view route = asked ? asked : "";
    if (route == "process" || (kDeepBindRefused && route != "module"))
        return startSentencePieceProcess();
    return loadSentencePieceModule();
}

} // namespace hayloft
