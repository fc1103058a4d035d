// SPDX-License-Identifier: GPL-3.0-or-later
// The one exception type that crosses core's API.
#pragma once

#include <stdexcept>
#include <string>

namespace hayloft {

/// A failure a user can act on. `what()` is one line: what went wrong, where, and what to do.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message) : std::runtime_error(message) {}
    /// Joins the three parts as "what: where; remedy". `where` and `remedy` may be empty.
    Error(const std::string& what, const std::string& where, const std::string& remedy)
        : std::runtime_error(what + (where.empty() ? "" : ": " + where) + (remedy.empty() ? "" : "; " + remedy)) {}
};

/// Thrown out of a long computation whose stop token was triggered. Not a failure.
class Cancelled : public std::exception {
public:
    const char* what() const noexcept override { return "cancelled"; }
};

} // namespace hayloft
