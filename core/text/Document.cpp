// SPDX-License-Identifier: GPL-3.0-or-later
// Files and folders to documents.
#include "core/text/Document.h"

#include "core/base/Files.h"
#include "core/text/Encoding.h"
#include "core/text/HtmlText.h"
#include "core/text/PdfText.h"
#include "core/text/TextBoundaries.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hayloft {
namespace {

namespace fs = std::filesystem;

std::string extensionOf(const fs::path& path)
{
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

bool isHtml(std::string_view extension)
{
    return extension == ".html" || extension == ".htm" || extension == ".xhtml";
}

bool isSupported(const fs::path& path)
{
    constexpr std::array<std::string_view, 5> kText = { ".txt", ".text", ".md", ".markdown", ".pdf" };
    const std::string extension = extensionOf(path);
    return isHtml(extension) || std::find(kText.begin(), kText.end(), extension) != kText.end();
}

/// A README tells about the texts beside it; it is not one of them.
bool isReadme(const fs::path& path)
{
    std::string stem = path.stem().string();
    std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return stem == "readme";
}

std::string nameOf(const fs::path& path)
{
    const fs::path full = path.has_filename() ? path : path.parent_path();
    return full.filename() == "." || full.filename() == ".." || full.filename().empty()
        ? fs::weakly_canonical(full).filename().string()
        : full.filename().string();
}

Document loadFile(const fs::path& path, const Task& task)
{
    task.check();
    Document document;
    document.name = nameOf(path);
    document.path = path;
    std::string bytes = readFile(path, kMaxDocumentBytes);
    if (bytes.empty())
        throw Error("the file is empty", path.string(), "choose another");
    const std::string extension = extensionOf(path);
    if (extension == ".pdf" || bytes.starts_with("%PDF-")) {
        document.text = textOfPdf(bytes, path.string(), task);
        document.encoding = "UTF-8";
        return document;
    }
    DecodedText decoded = decodeText(std::move(bytes), path.string());
    document.text = isHtml(extension) ? textOfHtml(decoded.text) : std::move(decoded.text);
    document.encoding = std::move(decoded.encoding);
    document.notices = std::move(decoded.notices);
    if (skipSpaces(document.text, 0) == document.text.size())
        throw Error("the file has no text", path.string(), "choose another");
    return document;
}

/// Adds a document to a joined one, with a blank line between.
void append(Document& all, Document&& part)
{
    if (all.text.size() + part.text.size() > kMaxDocumentBytes)
        throw Error("the texts together are larger than " + std::to_string(kMaxDocumentBytes >> 20) + " MiB",
            part.path.string(), "choose fewer files");
    if (!all.text.empty())
        all.text += "\n\n";
    all.text += part.text;
    all.encoding = all.encoding.empty() || all.encoding == part.encoding ? part.encoding : "mixed";
    for (auto& notice : part.notices)
        all.notices.push_back(part.name + ": " + notice);
}

struct FolderList {
    std::vector<fs::path> files;
    std::vector<fs::path> skipped; ///< kinds that are not read
};

/// Links to folders are not followed, so a loop of links ends. Hidden files and folders are passed over.
FolderList listFolder(const fs::path& folder, const Task& task)
{
    FolderList list;
    std::error_code code;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, code);
    if (code)
        throw Error("cannot read the folder (" + code.message() + ")", folder.string(), "check its permissions");
    for (; entry != fs::recursive_directory_iterator(); entry.increment(code)) {
        task.check();
        if (code)
            throw Error("cannot read the folder (" + code.message() + ")", folder.string(), "check its permissions");
        std::error_code ignored;
        if (entry->path().filename().string().starts_with('.')) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file(ignored))
            continue;
        (isSupported(entry->path()) && !isReadme(entry->path()) ? list.files : list.skipped).push_back(entry->path());
    }
    std::sort(list.files.begin(), list.files.end());
    std::sort(list.skipped.begin(), list.skipped.end());
    return list;
}

std::string skippedNotice(const std::vector<fs::path>& skipped)
{
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(skipped.size(), 5); ++i)
        names += (i == 0 ? "" : ", ") + skipped[i].filename().string();
    if (skipped.size() > 5)
        names += " and " + std::to_string(skipped.size() - 5) + " more";
    return "Skipped files that are not .txt, .md, .html or .pdf: " + names + ".";
}

Document loadFolder(const fs::path& folder, const Task& task)
{
    const FolderList list = listFolder(folder, task);
    Document all;
    all.name = nameOf(folder);
    all.path = folder;
    for (std::size_t i = 0; i < list.files.size(); ++i) {
        Document part;
        try {
            part = loadFile(list.files[i], { task.stop, {} });
        } catch (const Error& e) {
            all.notices.push_back(std::string("Skipped: ") + e.what() + ".");
        }
        if (!part.text.empty()) {
            part.name = fs::relative(list.files[i], folder).string();
            append(all, std::move(part));
        }
        task.report({ "read", static_cast<double>(i + 1), static_cast<double>(list.files.size()), "files", "" });
    }
    if (!list.skipped.empty())
        all.notices.push_back(skippedNotice(list.skipped));
    if (all.text.empty())
        throw Error("the folder has no readable .txt, .md, .html or .pdf file", folder.string(),
            all.notices.empty() ? "choose another" : all.notices.front());
    return all;
}

} // namespace

Document loadDocument(const fs::path& path, const Task& task)
{
    std::error_code code;
    return fs::is_directory(path, code) ? loadFolder(path, task) : loadFile(path, task);
}

Document loadDocuments(const std::vector<fs::path>& paths, const Task& task)
{
    if (paths.empty())
        throw Error("no document was named", "", "name a file or a folder");
    if (paths.size() == 1)
        return loadDocument(paths.front(), task);
    Document all;
    all.name = nameOf(paths.front()) + " and " + std::to_string(paths.size() - 1) + " more";
    all.path = paths.front();
    for (const auto& path : paths)
        append(all, loadDocument(path, task));
    return all;
}

Document documentFromText(std::string text, std::string name)
{
    if (skipSpaces(text, 0) == text.size())
        throw Error("the text is empty", name, "paste some text");
    if (const std::size_t bad = utf8::firstInvalid(text); bad != std::string::npos)
        throw Error("the text is not valid UTF-8", name + ", byte " + std::to_string(bad), "convert it to UTF-8");
    Document document;
    document.name = std::move(name);
    document.text = std::move(text);
    document.encoding = "UTF-8";
    return document;
}

} // namespace hayloft
