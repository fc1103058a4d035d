// SPDX-License-Identifier: GPL-3.0-or-later
// The readable text of an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace hayloft {

/// Text without tags, scripts and styles; entities become characters, white space is folded as a browser does,
/// block elements end lines and paragraphs end with a blank line. Takes any input in linear time.
std::string textOfHtml(std::string_view html);

} // namespace hayloft
