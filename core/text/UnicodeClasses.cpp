// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/UnicodeClasses.h"

#include "core/base/Error.h"

#ifdef HAYLOFT_ICU
#include <unicode/uchar.h>
#endif

namespace hayloft::unicode {

#ifdef HAYLOFT_ICU
bool isAvailable()
{
    return true;
}

std::string version()
{
    UVersionInfo parts;
    u_getUnicodeVersion(parts);
    return std::to_string(parts[0]) + "." + std::to_string(parts[1]);
}

Kind lookUp(char32_t c)
{
    const auto mask = U_MASK(u_charType(static_cast<UChar32>(c)));
    return (mask & U_GC_L_MASK) ? Kind::Letter
        : (mask & U_GC_N_MASK)  ? Kind::Number
        : (mask & U_GC_P_MASK)  ? Kind::Punctuation
        : (mask & U_GC_ZS_MASK) ? Kind::SpaceSeparator
        : (mask & U_GC_C_MASK)  ? Kind::Control
                                : Kind::Other;
}
#else
bool isAvailable()
{
    return false;
}

std::string version()
{
    return {};
}

Kind lookUp(char32_t)
{
    return Kind::Other;
}
#endif

void requireClasses(const std::string& what)
{
    if (!isAvailable())
        throw Error("Hayloft was built without ICU", what, "install ICU (Debian: libicu-dev) and build Hayloft again");
}

} // namespace hayloft::unicode
