// SPDX-License-Identifier: GPL-3.0-or-later
// A file given as a checkpoint: the zip archive and all in it.
#include "FuzzTensors.h"

#include "core/base/Error.h"
#include "core/model/TorchCheckpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hayloft;
    try {
        const auto checkpoint = std::make_shared<TorchCheckpoint>(fuzz::bytesOf(data, size), "input");
        (void)checkpoint->hyperParameters().dump();
        fuzz::useTensors(checkpoint);
    } catch (const Error&) {
    }
    return 0;
}
