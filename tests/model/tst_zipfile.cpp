// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives as torch.save writes them, and all that is refused.
#include "CheckpointFixture.h"

#include "core/base/Files.h"
#include "core/model/ZipFile.h"
#include "tests/support/ZipBuilder.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string textOf(const ZipEntry& entry) { return { reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size() }; }

std::string readingError(const std::string& bytes)
{
    return errorOf([&] { ZipFile(bytesOf(bytes), "x.zip"); });
}

ZipBuilder::Entry entry(const std::string& name, const std::string& data)
{
    ZipBuilder::Entry e;
    e.name = name;
    e.data = data;
    return e;
}

} // namespace

class TestZipFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void entriesAreFound_data()
    {
        QTest::addColumn<bool>("zip64");
        QTest::newRow("zip") << false;
        QTest::newRow("zip64") << true;
    }
    void entriesAreFound()
    {
        QFETCH(bool, zip64);
        ZipBuilder builder;
        for (const char* name : { "a/data.pkl", "a/empty", "a/data/0" }) {
            auto e = entry(name, std::string(name) == "a/empty" ? "" : std::string("contents of ") + name);
            e.zip64 = zip64;
            builder.add(e);
        }
        const std::string bytes = builder.bytes(zip64, "a comment");
        const ZipFile zip(bytesOf(bytes), "x.zip");
        QCOMPARE(zip.entries().size(), std::size_t(3));
        QCOMPARE(textOf(*zip.find("a/data/0")), std::string("contents of a/data/0"));
        QCOMPARE(textOf(*zip.find("a/empty")), std::string());
        QVERIFY(!zip.find("a/data"));
        QVERIFY(ZipFile::isZip(bytesOf(bytes)));
        QVERIFY(!ZipFile::isZip(bytesOf("PK")));
    }

    void checksumsAreThoseOfZip()
    {
        if (!hasCrc32())
            QSKIP("built without zlib");
        QCOMPARE(crc32Of(bytesOf("123456789"), 0), 0xCBF43926u); // the check value of CRC-32
        QCOMPARE(crc32Of(bytesOf("6789"), crc32Of(bytesOf("12345"), 0)), 0xCBF43926u);
        const std::string bytes = readFile(checkpointPath("tiny.ckpt"), 1 << 20);
        const ZipFile zip(bytesOf(bytes), "tiny.ckpt");
        for (const ZipEntry& e : zip.entries())
            QCOMPARE(crc32Of(e.bytes, 0), e.crc);
    }

    void everyTruncationIsRefused()
    {
        ZipBuilder builder;
        builder.add("a/data.pkl", "some bytes");
        const std::string bytes = builder.bytes(true);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const std::string message = readingError(bytes.substr(0, size));
            QVERIFY2(has(message, "x.zip") && has(message, "truncated"), message.c_str());
        }
        QCOMPARE(readingError(bytes), std::string());
    }

    void badEntriesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const ZipBuilder& builder, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(builder.bytes()) << QByteArray(message);
        };
        const auto with = [&](const char* name, const std::function<void(ZipBuilder::Entry&)>& change, const char* message) {
            ZipBuilder builder;
            builder.add("first", "0123456789");
            auto e = entry("second", "abcdefghij");
            change(e);
            builder.add(e);
            row(name, builder, message);
        };
        with("compressed", [](auto& e) { e.method = 8; }, "entry second is compressed");
        with("encrypted", [](auto& e) { e.flags = 1; }, "entry second is encrypted");
        with("same name", [](auto& e) { e.name = "first"; }, "two entries named first");
        with("too long", [](auto& e) { e.sizeChange = 1 << 20; }, "entry second goes beyond the end");
        with("into the directory", [](auto& e) { e.sizeChange = 20; }, "entry second overlaps another");
        with("wrong place", [](auto& e) { e.shift = 3; }, "entry second is not where the directory says");
        with("outside", [](auto& e) { e.shift = 1 << 30; }, "truncated or damaged");
        with("terminal codes", [](auto& e) { e.name = "\x1b[2Jx"; e.method = 8; }, "entry ?[2Jx is compressed");
        ZipBuilder same; // two names for the same bytes: how small bombs become large
        same.add("first", "0123456789");
        auto e = entry("other", "");
        e.shift = -static_cast<std::int64_t>(30 + 5 + 10);
        e.sizeChange = 10;
        same.add(e);
        row("shared bytes", same, "overlaps another");
    }
    void badEntriesAreNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, message);
        const std::string found = readingError(bytes.toStdString());
        QVERIFY2(has(found, message.toStdString()) && has(found, "x.zip"), found.c_str());
    }

    void countsThatCannotBeAreRefused()
    {
        ZipBuilder builder;
        builder.add("a", "b");
        std::string bytes = builder.bytes();
        bytes[bytes.size() - 12] = bytes[bytes.size() - 11] = '\xff'; // entries in all
        QVERIFY2(has(readingError(bytes), "does not have the 65535 entries"), readingError(bytes).c_str());
    }
};

QTEST_GUILESS_MAIN(TestZipFile)
#include "tst_zipfile.moc"
