// SPDX-License-Identifier: GPL-3.0-or-later
// The words that captions are made of. Private to core/store.
#pragma once

#include "core/store/RunRecord.h"

namespace hayloft {

std::string taskWords(const RecallTask& task);            ///< "passkey, 4 digits"
std::string haystackWords(const HaystackInfo& haystack);  ///< "Haystack: book.txt, 138,000 tokens"
std::string modelWords(const RunRecord& record);          ///< "larimar-mini (0123456789ab, 91,000,000 parameters)"
std::string inverseWords(const MemorySettings& memory);   ///< "exact inverses", "15 Newton steps from 0.0005, 2 reads"
std::string promptWords(const MemorySettings& memory);    ///< "answers prompted with the query", or ""
std::string endWords(const RunRecord& record);            ///< "Seed 1, Hayloft 0.1.0, 2026-01-02"

} // namespace hayloft
