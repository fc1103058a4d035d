// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of RULER's needle tasks, byte for byte (NVIDIA/RULER, scripts/data/synthetic: constants.py and niah.py).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hayloft {

/// What keys and values are made of: seven digits, `adjective-noun`, version 4 UUIDs.
enum class RulerItem { Numbers, Words, Uuids };

std::string_view nameOf(RulerItem item);              ///< "numbers", "words", "uuids", as in the texts
RulerItem rulerItemFromName(std::string_view name);   ///< @throws Error

/// The needle up to its value: "One of the special magic numbers for KEY is:". Always plural.
std::string rulerNeedleStem(RulerItem value, std::string_view key);
/// "One of the special magic numbers for KEY is: VALUE."
std::string rulerNeedle(RulerItem value, std::string_view key, std::string_view text);

/// The wording of one prompt. RULER turns its texts into the singular when one value is asked for.
struct RulerWording {
    RulerItem value = RulerItem::Numbers;
    bool single = true;
};
/// The line before the context: "A special magic number is hidden ..." or "Some special magic numbers are hidden ...".
std::string rulerOpening(RulerWording wording);
/// The line after the context. Several queries read "a, b, and c". @param queries one key or more
std::string rulerQuestion(RulerWording wording, std::span<const std::string> queries);
/// What the answer is to go on from; begins with a space, as in RULER.
std::string rulerAnswerPrefix(RulerWording wording, std::span<const std::string> queries);

} // namespace hayloft
