// SPDX-License-Identifier: GPL-3.0-or-later
// The helper process: serves the tokenizer's C interface over a socket on its standard input.
#include "core/text/sentencepiece/HelperProtocol.h"
#include "core/text/sentencepiece/TokenizerModule.h"

#include <cstdio>
#include <memory>
#include <unistd.h>
#include <vector>

namespace {

using namespace hayloft::helper;

class Server {
public:
    explicit Server(const HayloftTokenizerApi& api)
        : m_api(api)
        , m_model(nullptr, api.close)
    {
    }

    /// Answers until the program closes its end.
    int serve(int socket)
    {
        Message request;
        while (receiveMessage(socket, request)) {
            std::string answer;
            const bool done = handle(request, answer);
            if (!sendMessage(socket, static_cast<std::uint32_t>(done ? Answer::Done : Answer::Failed),
                    done ? answer : std::string(m_error)))
                return 1;
        }
        return 0;
    }

private:
    bool handle(const Message& request, std::string& answer)
    {
        switch (static_cast<Request>(request.kind)) {
        case Request::Open:
            return open(request.body, answer);
        case Request::Encode:
            return encode(request.body, answer);
        case Request::Train:
            return train(request.body, answer);
        }
        std::snprintf(m_error, sizeof m_error, "unknown request %u", request.kind);
        return false;
    }

    bool open(const std::string& model, std::string& answer)
    {
        m_model.reset(m_api.open(model.data(), model.size(), m_error, sizeof m_error));
        if (!m_model)
            return false;
        Writer out;
        for (const int id : { m_api.padId(m_model.get()), m_api.unkId(m_model.get()), m_api.bosId(m_model.get()),
                 m_api.eosId(m_model.get()) })
            out.number(static_cast<std::uint32_t>(id));
        const int size = m_api.size(m_model.get());
        out.number(static_cast<std::uint32_t>(size));
        for (int id = 0; id < size; ++id) {
            std::size_t length = 0;
            const char* text = m_api.piece(m_model.get(), id, &length);
            out.number(static_cast<std::uint32_t>(m_api.kind(m_model.get(), id)));
            out.text({ text, length });
        }
        answer = out.bytes();
        return true;
    }

    bool encode(const std::string& text, std::string& answer)
    {
        const HayloftSpan* spans = nullptr;
        std::size_t count = 0;
        if (!m_model) {
            std::snprintf(m_error, sizeof m_error, "no model is open");
            return false;
        }
        if (!m_api.encode(m_model.get(), text.data(), text.size(), &spans, &count, m_error, sizeof m_error))
            return false;
        answer.assign(reinterpret_cast<const char*>(spans), count * sizeof(HayloftSpan));
        return true;
    }

    bool train(const std::string& body, std::string& answer)
    {
        Reader in(body);
        const std::uint32_t seed = in.number();
        std::vector<std::string> inputs(in.number());
        for (auto& input : inputs)
            input = in.text();
        std::vector<std::string> options(2 * std::size_t { in.number() });
        for (auto& option : options)
            option = in.text();
        std::vector<const char*> paths, keys, values;
        for (const auto& input : inputs)
            paths.push_back(input.c_str());
        for (std::size_t i = 0; i < options.size(); i += 2) {
            keys.push_back(options[i].c_str());
            values.push_back(options[i + 1].c_str());
        }
        const HayloftTraining training = { paths.data(), paths.size(), keys.data(), values.data(), keys.size(), seed };
        const auto sink = [](void* out, const char* bytes, std::size_t size) {
            static_cast<std::string*>(out)->assign(bytes, size);
        };
        return m_api.train(&training, sink, &answer, m_error, sizeof m_error) != 0;
    }

    const HayloftTokenizerApi& m_api;
    std::unique_ptr<HayloftPieces, void (*)(HayloftPieces*)> m_model;
    char m_error[1024] = "";
};

} // namespace

int main()
{
    return Server(*hayloftTokenizerApi()).serve(STDIN_FILENO);
}
