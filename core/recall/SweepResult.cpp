// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/SweepResult.h"

#include "core/base/Error.h"

namespace hayloft {

std::string_view nameOf(Failure failure)
{
    switch (failure) {
    case Failure::RowWrong:
        return "row wrong";
    case Failure::RowShared:
        return "row shared";
    case Failure::DecodeWrong:
        return "decode wrong";
    case Failure::None:
        break;
    }
    return "none";
}

Failure failureFromName(std::string_view name)
{
    for (auto failure : {Failure::None, Failure::RowWrong, Failure::RowShared, Failure::DecodeWrong}) {
        if (name == nameOf(failure))
            return failure;
    }
    throw Error("unknown kind of failure", std::string(name), "");
}

} // namespace hayloft
