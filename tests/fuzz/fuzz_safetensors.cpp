// SPDX-License-Identifier: GPL-3.0-or-later
// A file given as safetensors.
#include "FuzzTensors.h"

#include "core/base/Error.h"
#include "core/model/SafeTensorsFile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hayloft;
    try {
        fuzz::useTensors(std::make_shared<SafeTensorsFile>(fuzz::bytesOf(data, size), "input"));
    } catch (const Error&) {
    }
    return 0;
}
