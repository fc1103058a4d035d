// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/SweepShard.h"

#include "core/base/Error.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace hayloft {

namespace {

/// -1 for what is no number.
int wholeNumber(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty() ? value : -1;
}

} // namespace

Shard parseShard(std::string_view text)
{
    const std::size_t slash = std::min(text.find('/'), text.size());
    const Shard shard { wholeNumber(text.substr(0, slash)), slash < text.size() ? wholeNumber(text.substr(slash + 1)) : -1 };
    if (shard.number < 1 || shard.of < shard.number || shard.of > kMostShards)
        throw Error("no such shard", "\"" + std::string(text) + "\"", "write i/n with i from 1 to n, for example 2/8");
    return shard;
}

} // namespace hayloft
