// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RowChoice.h"

#include <algorithm>

namespace hayloft {

void addRows(std::vector<ChosenRow>& chosen, const std::vector<Neighbour>& rows, std::size_t query)
{
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        const auto same = std::find_if(chosen.begin(), chosen.end(), [&row](const ChosenRow& c) { return c.nearest.row == row->row; });
        if (same != chosen.end()) {
            const bool ownNearest = row == rows.begin();
            const bool itsNearest = std::none_of(chosen.begin(), same, [&same](const ChosenRow& c) { return c.query == same->query; });
            if (ownNearest != itsNearest ? itsNearest : same->nearest.distance <= row->distance)
                continue;
            chosen.erase(same);
        }
        chosen.push_back({*row, query});
    }
}

} // namespace hayloft
