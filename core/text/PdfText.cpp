// SPDX-License-Identifier: GPL-3.0-or-later
// PDF through poppler-cpp, where Hayloft was built with it.
#include "core/text/PdfText.h"

#include "core/text/TextBoundaries.h"
#include "core/text/Utf8.h"

#ifdef HAYLOFT_POPPLER
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>
#endif

#include <limits>
#include <memory>

namespace hayloft {

#ifdef HAYLOFT_POPPLER
namespace {

std::string textOfPage(const poppler::document& document, int number)
{
    const std::unique_ptr<poppler::page> page(document.create_page(number));
    if (!page)
        return {};
    const poppler::byte_array bytes
        = page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout).to_utf8();
    std::string text(bytes.begin(), bytes.end());
    while (!text.empty() && (text.back() == '\f' || text.back() == '\n'))
        text.pop_back();
    return utf8::isValid(text) ? text : utf8::repaired(text);
}

} // namespace

std::string textOfPdf(const std::string& bytes, const std::string& where, const Task& task)
{
    poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr); // reported as one Error instead
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw Error("the PDF is too large", where, "use a smaller file");
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    if (!document)
        throw Error("the PDF is damaged", where, "restore the file or choose another");
    if (document->is_locked())
        throw Error("the PDF is protected by a password", where, "save it without one");
    std::string text;
    const int pages = document->pages();
    for (int number = 0; number < pages; ++number) {
        const std::string page = textOfPage(*document, number);
        if (!page.empty())
            text += (text.empty() ? "" : "\n") + page;
        task.report({ "read", static_cast<double>(number + 1), static_cast<double>(pages), "pages", "" });
    }
    if (skipSpaces(text, 0) == text.size())
        throw Error("the PDF has no text", where, "run text recognition on it first (it may be scanned pages)");
    return text + "\n";
}
#else
std::string textOfPdf(const std::string&, const std::string& where, const Task&)
{
    throw Error("this build cannot read PDF", where, "build Hayloft with libpoppler-cpp-dev, or save it as text");
}
#endif

} // namespace hayloft
