// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli as a function, so that tests can drive it.
#pragma once

#include "core/model/LatentModel.h"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stop_token>
#include <string>

namespace hayloft {

class RankGroup;

/// What the command line takes from its surroundings.
struct CliServices {
    /// Opens a model folder; tests put a toy model here.
    std::function<std::unique_ptr<LatentModel>(const std::filesystem::path&, const std::string& device, Precision precision)> openModel;
    std::stop_token stop;     ///< requested by Ctrl-C
    bool progressBar = false; ///< the error stream is a terminal
    RankGroup* ranks = nullptr; ///< the processes that mpirun started, this one among them; nullptr when it stands alone
};

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitCancelled = 130;

/// Runs one command. Results go to `out`; an error is one line on `err`.
/// @returns 0 only on success.
int runCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err, const CliServices& services);
/// The same with the real models and nothing to cancel it.
int runCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

/// The error that a failed run ended with, of all that it wrote to `err`: its last line without the program's name.
std::string errorIn(const std::string& err);

} // namespace hayloft
