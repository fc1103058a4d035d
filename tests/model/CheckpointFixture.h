// SPDX-License-Identifier: GPL-3.0-or-later
// The small checkpoints that tests/parity/make_checkpoints.py makes, and what a call says when it fails.
#pragma once

#include "core/base/Error.h"

#include <QByteArray>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace hayloft::test {

inline std::filesystem::path checkpointPath(const std::string& name)
{
    return std::filesystem::path(HAYLOFT_SOURCE_DIR) / "tests/fixtures/checkpoints" / name;
}

/// The message of the Error that `call` throws, or nothing.
inline std::string errorOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

} // namespace hayloft::test
