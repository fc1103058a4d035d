// SPDX-License-Identifier: GPL-3.0-or-later
// Runs hayloft-cli as a function with a model that needs no training.
#pragma once

#include "app/cli/Cli.h"
#include "tests/support/ToyModel.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <sstream>

namespace hayloft::test {

struct Outcome {
    int code = -1;
    std::string out, err;
};

/// `whenOpened` runs when the model is opened: after the options were checked, before anything is computed.
inline Outcome run(const std::vector<std::string>& arguments, std::stop_token stop = {}, const std::function<void()>& whenOpened = [] {},
    bool contentKeys = false)
{
    std::vector<const char*> argv { "hayloft-cli" };
    for (const std::string& argument : arguments)
        argv.push_back(argument.c_str());
    const CliServices services { [&](const std::filesystem::path&, const std::string&, Precision) -> std::unique_ptr<LatentModel> {
                                    whenOpened();
                                    auto model = std::make_unique<ToyModel>();
                                    if (contentKeys)
                                        model->giveContentKeys();
                                    return model;
                                },
        std::move(stop), false, nullptr };
    std::ostringstream out, err;
    const int code = runCli(static_cast<int>(argv.size()), argv.data(), out, err, services);
    return { code, out.str(), err.str() };
}

inline std::string contents(const std::string& path)
{
    std::ifstream stream(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(stream), {} };
}

inline Outcome runWithContentKeys(const std::vector<std::string>& arguments) { return run(arguments, {}, [] {}, true); }

inline bool isOneLine(const std::string& text)
{
    return !text.empty() && text.find('\n') == text.size() - 1;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A record without what differs from run to run.
inline std::string comparable(const std::string& record)
{
    auto parsed = nlohmann::ordered_json::parse(record);
    parsed.erase("created");
    parsed.erase("timing");
    return parsed.dump(1);
}

inline constexpr const char* kStory
    = "The harbour lay still in the morning. Old Brennan walked down to the boats with his dog. Nobody had seen the "
      "ferry since Tuesday. A gull cried over the nets. The baker opened his shutters and swept the step. Two children "
      "ran past with a kite made of paper. Someone in the upper street was practising the violin badly. The mail came at "
      "nine and there was a letter from Lisbon. Rain was forecast for the afternoon.\n\nIn the evening the lamps were lit "
      "one by one. Marta counted the coins in the drawer twice. She found three more than there should have been. The "
      "clock in the tower had stopped again at ten to four. It was the fourth time that year.\n";

} // namespace hayloft::test
