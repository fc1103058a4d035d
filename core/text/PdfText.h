// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a PDF file.
#pragma once

#include "core/base/Progress.h"

#include <string>

namespace hayloft {

/// Text of all pages in reading order, UTF-8, pages joined by newlines. Not safe from two threads at once.
/// @param where names the file in errors. @throws Error when damaged, encrypted, without text, or built without poppler
std::string textOfPdf(const std::string& bytes, const std::string& where, const Task& task);

} // namespace hayloft
