// SPDX-License-Identifier: GPL-3.0-or-later
// sentencepiece in a helper process, for builds whose sanitizer refuses to keep the module's symbols apart.
#include "core/base/Error.h"
#include "core/text/ProgramFiles.h"
#include "core/text/sentencepiece/HelperProtocol.h"
#include "core/text/SentencePieceBackend.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace hayloft {
namespace {

using namespace helper;

class HelperProcess {
public:
    HelperProcess()
    {
        const auto program = findProgramFile("hayloft-tokenizer", "HAYLOFT_TOKENIZER_HELPER");
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw Error(std::string("the tokenizer process cannot be reached (") + std::strerror(errno) + ")");
        m_socket = ends[0];
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
        std::string name = program.string();
        char* arguments[] = { name.data(), nullptr };
        const int code = ::posix_spawn(&m_pid, name.c_str(), &actions, nullptr, arguments, environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (code != 0) {
            ::close(m_socket);
            throw Error(std::string("the tokenizer process cannot be started (") + std::strerror(code) + ")", name,
                "build or install Hayloft again");
        }
    }
    ~HelperProcess()
    {
        ::close(m_socket); // the helper ends when its input does
        while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
    }
    HelperProcess(const HelperProcess&) = delete;
    HelperProcess& operator=(const HelperProcess&) = delete;

    /// Sends one request and waits for its answer.
    std::string call(Request request, std::string_view body) const
    {
        Message answer;
        if (!sendMessage(m_socket, static_cast<std::uint32_t>(request), body) || !receiveMessage(m_socket, answer))
            throw Error("the tokenizer process ended unexpectedly");
        if (answer.kind != static_cast<std::uint32_t>(Answer::Done))
            throw Error(answer.body);
        return std::move(answer.body);
    }

private:
    int m_socket = -1;
    pid_t m_pid = -1;
};

class ProcessBackend final : public SentencePieceBackend {
public:
    PieceTable open(std::string_view model) override
    {
        const std::string answer = m_process.call(Request::Open, model);
        Reader in(answer);
        PieceTable table;
        for (int* id : { &table.padId, &table.unkId, &table.bosId, &table.eosId })
            *id = static_cast<int>(in.number());
        table.pieces.resize(in.number());
        for (auto& piece : table.pieces) {
            piece.kind = static_cast<HayloftPieceKind>(in.number());
            piece.text = in.text();
        }
        return table;
    }

    const std::vector<HayloftSpan>& encode(std::string_view text) override
    {
        const std::string answer = m_process.call(Request::Encode, text);
        m_spans.resize(answer.size() / sizeof(HayloftSpan));
        if (!m_spans.empty())
            std::memcpy(m_spans.data(), answer.data(), m_spans.size() * sizeof(HayloftSpan));
        return m_spans;
    }

    std::string train(const PieceTraining& training) override
    {
        Writer out;
        out.number(training.seed);
        out.number(static_cast<std::uint32_t>(training.inputs.size()));
        for (const auto& input : training.inputs)
            out.text(input);
        out.number(static_cast<std::uint32_t>(training.options.size()));
        for (const auto& [key, value] : training.options) {
            out.text(key);
            out.text(value);
        }
        return m_process.call(Request::Train, out.bytes());
    }

private:
    HelperProcess m_process;
    std::vector<HayloftSpan> m_spans;
};

} // namespace

std::unique_ptr<SentencePieceBackend> startSentencePieceProcess()
{
    return std::make_unique<ProcessBackend>();
}

} // namespace hayloft
