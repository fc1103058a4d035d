// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/PrefixNotice.h"

#include <ostream>

namespace hayloft {

void printPrefixNotice(RulerItem value, int prefixTokens, const LatentModel& model, std::ostream& err)
{
    const std::string stem = rulerNeedleStem(value, "");
    const auto common = static_cast<int>(model.tokenizer().encode(stem.substr(0, stem.find(" is:"))).size());
    const int used = prefixTokens > 0 ? prefixTokens : model.info().prefixTokens;
    if (used <= common)
        err << "note: the first " << used << " tokens of all its needles are the same; give --prefix-tokens " << common + 8
            << " to reach their keys\n";
}

} // namespace hayloft
