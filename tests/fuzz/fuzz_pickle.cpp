// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle in an archive that is right but for it; its checksum would keep a fuzzer out.
#include "FuzzTensors.h"

#include "core/base/Error.h"
#include "core/model/TorchCheckpoint.h"
#include "tests/support/ZipBuilder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hayloft;
    test::ZipBuilder archive;
    archive.add("a/data.pkl", std::string_view(reinterpret_cast<const char*>(data), size));
    for (const char* key : { "0", "1", "2", "3" })
        archive.add(std::string("a/data/") + key, std::string(96, '\x3c'));
    const std::string bytes = archive.bytes();
    try {
        const auto checkpoint = std::make_shared<TorchCheckpoint>(std::as_bytes(std::span(bytes)), "input");
        (void)checkpoint->hyperParameters().dump();
        fuzz::useTensors(checkpoint);
    } catch (const Error&) {
    }
    return 0;
}
