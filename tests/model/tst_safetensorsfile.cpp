// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files: mapped, streamed, and refused.
#include "CheckpointFixture.h"

#include "core/base/Files.h"
#include "core/model/SafeTensors.h"
#include "core/model/SafeTensorsFile.h"
#include "tests/support/ZipBuilder.h"

#include <set>

#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string fileOf(const std::string& header, const std::string& data) { return littleEndian<std::uint64_t>(header.size()) + header + data; }

std::string readingError(const std::string& bytes)
{
    return errorOf([&] { SafeTensorsFile(bytesOf(bytes), "x.safetensors"); });
}

} // namespace

class TestSafeTensorsFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pythonsFilesAreRead()
    {
        const SafeTensorsFile file(checkpointPath("types.safetensors"));
        std::set<std::string> types;
        for (const TensorView& tensor : file.tensors()) {
            types.insert(nameOf(tensor.type));
            if (!isFloatingPoint(tensor.type) || tensor.shape != Shape { 4, 6 })
                continue;
            std::vector<float> numbers(24);
            tensor.readRows(0, 4, numbers.data());
            for (int i = 0; i < 24; ++i)
                QCOMPARE(numbers[static_cast<std::size_t>(i)], static_cast<float>(i) - 7.25f);
        }
        QCOMPARE(types, (std::set<std::string> { "F16", "BF16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "BOOL" }));
    }

    void streamedFilesEqualSavedOnes()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.safetensors").toStdString(), other = folder.filePath("b.safetensors").toStdString();
        const std::vector<float> numbers { 1, -2, 3.5f, 4, 5, 6 };
        {
            SafeTensorsWriter writer(path, { { "a", TensorType::Float32, { 2, 3 } }, { "b", TensorType::Float32, { 6 } } }, { { "format", "pt" } });
            for (int tensor = 0; tensor < 2; ++tensor)
                for (std::size_t at = 0; at < 6; at += 2)
                    writer.append(std::as_bytes(std::span(numbers).subspan(at, 2)));
            writer.finish();
        }
        saveSafeTensors({ { "a", StoredTensor::of(std::span<const float>(numbers), { 2, 3 }) }, { "b", StoredTensor::of(std::span<const float>(numbers), { 6 }) } },
                        other, { { "format", "pt" } });
        QCOMPARE(readFile(path, 1 << 20), readFile(other, 1 << 20));
        QCOMPARE(loadSafeTensors(path).at("b").floats(), numbers);
    }

    void theWriterCountsItsBytes()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.safetensors").toStdString();
        SafeTensorsWriter writer(path, { { "a", TensorType::Float16, { 3 } } });
        const std::byte bytes[8] {};
        QVERIFY(has(errorOf([&] { writer.append(bytes); }), "more numbers"));
        writer.append(std::span(bytes, 4));
        QVERIFY(has(errorOf([&] { writer.finish(); }), "fewer numbers"));
        QVERIFY(has(errorOf([&] { SafeTensorsWriter(path, {}); }), "cannot write"));  // never over another file
        QVERIFY(has(errorOf([] { SafeTensorsWriter("/dev/full/a", {}); }), "cannot write"));
    }

    void badFilesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const std::string& header, std::size_t data, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(fileOf(header, std::string(data, 'x'))) << QByteArray(message);
        };
        const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
        row("truncated data", "{" + a + "}", 7, "impossible shape 2");
        row("longer than its tensors", "{" + a + "}", 9, "longer than its tensors");
        row("same name", "{" + a + "," + a + "}", 8, "two tensors named a");
        row("overlap", "{" + a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12, "overlap or leave gaps");
        row("gap", "{" + a + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})", 16, "overlap or leave gaps");
        row("unknown type", R"({"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}})", 2, "tensor a is of type F8_E4M3");
        row("size and shape differ", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", 8, "truncated or damaged (at tensor a)");
        row("overflow", R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})", 8, "impossible shape");
        row("negative", R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8, "impossible shape -2");
        row("backwards", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8, "truncated or damaged");
        row("no JSON", "{hello", 0, "damaged header");
        row("a list", "[]", 0, "damaged header");
        row("not an entry", R"({"a":3})", 0, "damaged header");
        row("deep", std::string(1000, '['), 0, "nested too deeply");
        row("many dimensions", R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}})", 8, "impossible shape");
        QTest::newRow("huge header") << QByteArray::fromStdString(littleEndian<std::uint64_t>(~0ull) + "{}") << QByteArray("not a safetensors file, or truncated");
        QTest::newRow("empty") << QByteArray() << QByteArray("the file is empty");
        QTest::newRow("pointer") << QByteArray("version https://git-lfs.github.com/spec/v1") << QByteArray("Git LFS pointer");
    }
    void badFilesAreNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, message);
        const std::string found = readingError(bytes.toStdString());
        QVERIFY2(has(found, message.toStdString()) && has(found, "x.safetensors"), found.c_str());
    }

    void everyTruncationIsRefused()
    {
        const std::string bytes = readFile(checkpointPath("types.safetensors"), 1 << 20);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY2(!readingError(bytes.substr(0, size)).empty(), std::to_string(size).c_str());
    }
};

QTEST_GUILESS_MAIN(TestSafeTensorsFile)
#include "tst_safetensorsfile.moc"
