// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes of whole files, and what they say when they fail.
#include "core/base/Error.h"
#include "core/base/Files.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace hayloft;
namespace fs = std::filesystem;

namespace {

std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void roundTripOfAnyBytes()
    {
        std::string bytes;
        for (int i = 0; i < 100000; ++i)
            bytes += static_cast<char>(i * 31 + i / 256);
        writeFileAtomically(path("a"), bytes);
        QVERIFY(readFile(path("a"), 1 << 20) == bytes);
        writeFileAtomically(path("a"), "");
        QCOMPARE(readFile(path("a"), 10), std::string());
    }

    void limitIsExact()
    {
        writeFileAtomically(path("a"), std::string(1000, 'x'));
        QCOMPARE(readFile(path("a"), 1000).size(), std::size_t { 1000 });
        QVERIFY(contains(messageOf([&] { readFile(path("a"), 999); }), "larger than"));
    }

    void filesWithoutASize()
    {
        QVERIFY(!readFile("/proc/self/status", 1 << 20).empty());
        QVERIFY(contains(messageOf([] { readFile("/dev/zero", 100000); }), "larger than"));
    }

    void readErrorsSayWhatIsWrong()
    {
        QVERIFY(contains(messageOf([&] { readFile(path("missing"), 10); }), "does not exist"));
        QVERIFY(contains(messageOf([&] { readFile(path(""), 10); }), "folder, not a file"));
        const auto message = messageOf([&] { readFile(path("missing"), 10); });
        QVERIFY(contains(message, path("missing").c_str()));
        QVERIFY(!contains(message, "\n"));
    }

    void writeErrorsLeaveNothingBehind()
    {
        QVERIFY(contains(messageOf([&] { writeFileAtomically(path("none") / "a", "x"); }), "folder to write to"));
        fs::create_directory(path("folder"));
        QVERIFY(contains(messageOf([&] { writeFileAtomically(path("folder"), "x"); }), "folder has this name"));
        QCOMPARE(entries(), QStringList { "folder" });
    }

    void onlyFilesAreReplaced()
    {
        QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0); // a device node would fare as it does
        QVERIFY(contains(messageOf([&] { writeFileAtomically(path("pipe"), "x"); }), "no file but a device or a pipe"));
        fs::create_symlink(path("pipe"), path("link"));
        QVERIFY(contains(messageOf([&] { writeFileAtomically(path("link"), [](const fs::path&) {}); }), "no file but"));
        QVERIFY(fs::is_fifo(path("pipe")) && fs::is_symlink(path("link")));
        QCOMPARE(std::distance(fs::directory_iterator(path("")), {}), std::ptrdiff_t(2));
    }

    void permissions()
    {
        if (::geteuid() == 0)
            QSKIP("root may read and write everything");
        writeFileAtomically(path("a"), "x");
        fs::permissions(path("a"), fs::perms::none);
        QVERIFY(contains(messageOf([&] { readFile(path("a"), 10); }), "no permission to read"));
        fs::permissions(path(""), fs::perms::owner_read | fs::perms::owner_exec);
        QVERIFY(contains(messageOf([&] { writeFileAtomically(path("b"), "x"); }), "no permission to write"));
        fs::permissions(path(""), fs::perms::owner_all);
    }

    void aFailedWriteKeepsTheOldFile()
    {
        writeFileAtomically(path("a"), "old");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before {};
        ::getrlimit(RLIMIT_FSIZE, &before);
        rlimit small = before;
        small.rlim_cur = 4096; // stands in for a full disk
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto message = messageOf([&] { writeFileAtomically(path("a"), std::string(100000, 'x')); });
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(contains(message, "cannot write the file"));
        QCOMPARE(readFile(path("a"), 100), std::string("old"));
        QCOMPARE(entries(), QStringList { "a" });
    }

    void aThrowingWriterKeepsTheOldFile()
    {
        writeFileAtomically(path("a"), "old");
        const auto failing = [](const fs::path& temporary) {
            std::ofstream(temporary) << "half";
            throw Error("stopped");
        };
        QCOMPARE(messageOf([&] { writeFileAtomically(path("a"), failing); }), std::string("stopped"));
        QCOMPARE(readFile(path("a"), 100), std::string("old"));
        QCOMPARE(entries(), QStringList { "a" });
    }

    void writerByPath()
    {
        writeFileAtomically(path("a"), [](const fs::path& temporary) { std::ofstream(temporary) << "whole"; });
        QCOMPARE(readFile(path("a"), 100), std::string("whole"));
        QCOMPARE(entries(), QStringList { "a" });
    }

    void linksAndPermissionsAreKept()
    {
        writeFileAtomically(path("real"), "1");
        fs::permissions(path("real"), fs::perms::owner_read | fs::perms::owner_write);
        fs::create_symlink("real", path("link"));
        writeFileAtomically(path("link"), "2");
        QVERIFY(fs::is_symlink(path("link")));
        QCOMPARE(readFile(path("real"), 10), std::string("2"));
        QVERIFY(fs::status(path("real")).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    QStringList entries() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
