// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of real torch.save, and hostile ones: what is read and what is said.
#include "CheckpointFixture.h"

#include "core/base/Files.h"
#include "core/base/Random.h"
#include "core/model/SafeTensors.h"
#include "core/model/TorchCheckpoint.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string fixture(const char* name) { return readFile(checkpointPath(name), 1 << 20); }

std::string readingError(const std::string& bytes)
{
    return errorOf([&] { TorchCheckpoint(bytesOf(bytes), "x.ckpt"); });
}

/// The numbers of a tensor as they would lie in a safetensors file.
std::string contiguousBytes(const TensorView& view)
{
    if (!isFloatingPoint(view.type) || view.isContiguous())
        return { reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size() };
    std::vector<float> numbers(static_cast<std::size_t>(view.rows() * view.columns()));
    view.readRows(0, view.rows(), numbers.data());
    return { reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float) };
}

} // namespace

class TestTorchCheckpoint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTypeAndLayoutIsRead()
    {
        const TorchCheckpoint checkpoint(checkpointPath("types.ckpt"));
        const NamedTensors expected = loadSafeTensors(checkpointPath("types.safetensors"));
        QCOMPARE(checkpoint.tensors().size(), expected.size());
        for (const TensorView& tensor : checkpoint.tensors()) {
            const StoredTensor& other = expected.at(tensor.name);
            QVERIFY2(tensor.type == other.type && tensor.shape == other.shape, tensor.name.c_str());
            QVERIFY2(contiguousBytes(tensor) == other.bytes, tensor.name.c_str());
        }
    }

    void numbersOfEveryTypeAreTheSame()
    {
        const TorchCheckpoint checkpoint(checkpointPath("types.ckpt"));
        for (const TensorView& tensor : checkpoint.tensors()) {
            if (!isFloatingPoint(tensor.type) || tensor.shape != Shape { 4, 6 })
                continue;
            std::vector<float> numbers(6 * 4), again(6 * 4);
            tensor.readRows(1, 2, numbers.data());
            for (int i = 0; i < 12; ++i)
                QCOMPARE(numbers[static_cast<std::size_t>(i)], static_cast<float>(i + 6) - 7.25f);
            tensor.transposed().readRows(0, 6, again.data());
            for (int i = 0; i < 24; ++i)
                QCOMPARE(again[static_cast<std::size_t>(i)], static_cast<float>(i % 4 * 6 + i / 4) - 7.25f);
        }
    }

    void lightningsSettingsAreRead()
    {
        const TorchCheckpoint checkpoint(checkpointPath("tiny.ckpt"));
        const auto& settings = checkpoint.hyperParameters();
        QCOMPARE(settings["memory_size"].get<int>(), 4);
        QCOMPARE(settings["observation_noise_std"].get<double>(), 1e-6);
        QCOMPARE(settings["identity"].get<bool>(), true);
        QCOMPARE(settings["encoder_model_name"].get<std::string>(), std::string("bert-large-cased"));
        QCOMPARE(settings["betas"].dump(), std::string("[0.9,0.999]"));
        QCOMPARE(settings["negative"].get<std::int64_t>(), -(std::int64_t { 1 } << 40));
        QVERIFY(settings["nothing"].is_null());
        QCOMPARE(settings["namespace"].get<std::string>(), std::string("an object of class argparse.Namespace"));
        QCOMPARE(settings["itself"].get<std::string>(), std::string("an object of class __main__.AttributeDict")); // holds itself
        const auto& keys = checkpoint.otherKeys();
        for (const char* key : { "callbacks", "optimizer_states", "hyper_parameters" })
            QVERIFY2(std::find(keys.begin(), keys.end(), key) != keys.end(), key);
    }

    void tiedTensorsShareTheirBytes()
    {
        const TorchCheckpoint checkpoint(checkpointPath("tiny.ckpt"));
        const auto at = [&](const char* name) {
            return std::find_if(checkpoint.tensors().begin(), checkpoint.tensors().end(), [name](const TensorView& t) { return t.name == name; })->bytes.data();
        };
        QCOMPARE(at("model.decoder.lm_head.weight"), at("model.decoder.transformer.wte.weight"));
    }

    void codeInACheckpointIsNotRun()
    {
        QFile::remove("/tmp/hayloft-was-here");
        const TorchCheckpoint checkpoint(checkpointPath("hostile/evil-callback.ckpt"));
        QCOMPARE(checkpoint.tensors().size(), std::size_t(1));
        QVERIFY(has(readingError(fixture("hostile/evil-entry.ckpt")), "entry model.b of the state_dict is no plain tensor but an object of class posix.system"));
        QVERIFY(!QFile::exists("/tmp/hayloft-was-here"));
    }

    void hostileFilesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("message");
        const std::pair<const char*, const char*> kRows[] = {
            { "sparse", "entry model.sparse of the state_dict is no plain tensor" },
            { "complex", "entry model.complex of the state_dict is of type torch.ComplexFloatStorage" },
            { "list", "holds a list, not a state dict" },
            { "old-format", "old format of before PyTorch 1.6" },
            { "negative-stride", "entry a of the state_dict has a negative offset or stride" },
            { "negative-offset", "has a negative offset or stride" },
            { "beyond", "entry a of the state_dict goes beyond its data" },
            { "huge-stride", "goes beyond its data" },
            { "expanded", "impossible shape 1099511627776 x 1048576" },
            { "overflow", "impossible shape" },
            { "negative-size", "impossible shape -1" },
            { "short-storage", "has less data in the file than it needs" },
            { "no-data", "entry a of the state_dict has no data in the file" },
            { "long-key", "not a storage of torch.save" },
            { "deep", "holds a list, not a state dict" },
            { "deep-marks", "holds a list, not a state dict" },
            { "huge-memo", "" },
            { "endless-text", "truncated" },
            { "protocol-0", "not of protocols 2 to 5" },
            { "buffers", "opcode 0x97" },
            { "truncated-pickle", "the pickle is truncated" },
            { "compressed", "is compressed, which torch.save never does" },
            { "big-endian", "not little-endian" },
            { "torchscript", "TorchScript program" },
            { "no-pickle", "it has no data.pkl" },
            { "twice", "two entries named archive/data.pkl" },
        };
        for (const auto& [name, message] : kRows)
            QTest::newRow(name) << QByteArray(message);
    }
    void hostileFilesAreNamed()
    {
        QFETCH(QByteArray, message);
        const std::string name = std::string("hostile/") + QTest::currentDataTag() + ".ckpt";
        const std::string found = errorOf([&] { TorchCheckpoint { checkpointPath(name) }; });
        if (message.isEmpty()) {
            QCOMPARE(found, std::string()); // odd, but nothing is wrong with it
            return;
        }
        QVERIFY2(has(found, message.toStdString()) && has(found, name), found.c_str());
        QVERIFY(!has(found, "\n"));
    }

    void everyTruncationIsRefused()
    {
        const std::string bytes = fixture("types.ckpt");
        for (std::size_t size = 0; size < bytes.size(); size += 7)
            QVERIFY2(has(readingError(bytes.substr(0, size)), "x.ckpt"), std::to_string(size).c_str());
    }

    void damagedBytesAreFoundByTheirChecksum()
    {
        if (!hasCrc32())
            QSKIP("built without zlib");
        std::string bytes = fixture("tiny.ckpt");
        const TorchCheckpoint whole(bytesOf(bytes), "x.ckpt");
        const TensorView& tensor = whole.tensors().front();
        const auto place = static_cast<std::size_t>(tensor.bytes.data() - bytesOf(bytes).data());
        bytes[place] ^= 1;
        TorchCheckpoint damaged(bytesOf(bytes), "x.ckpt");
        QVERIFY(has(errorOf([&] { damaged.verify(damaged.tensors().front()); }), "does not have its checksum"));
        QCOMPARE(errorOf([&] { damaged.verify(damaged.tensors().back()); }), std::string());
        bytes[bytes.find("embeddings.word")] ^= 1; // in the pickle
        QVERIFY(has(readingError(bytes), "data.pkl does not have its checksum"));
    }

    void filesWithoutChecksumsAreRead()
    {
        TorchCheckpoint checkpoint(checkpointPath("no-crc.ckpt"));
        checkpoint.verify(checkpoint.tensors().front());
        float numbers[4];
        checkpoint.tensors().front().readRows(0, 4, numbers);
        QCOMPARE(numbers[3], 3.0f);
    }

    void flippedBytesNeverCrash()
    {
        const std::string whole = fixture("types.ckpt");
        Random random(3);
        int refused = 0;
        for (int i = 0; i < 3000; ++i) {
            std::string bytes = whole;
            for (auto flips = 1 + random.below(4); flips > 0; --flips)
                bytes[random.below(bytes.size())] = static_cast<char>(random.next());
            refused += readingError(bytes).empty() ? 0 : 1;
        }
        QVERIFY(refused > 500);
    }

    void foreignFilesAreNamed()
    {
        const std::pair<std::string, const char*> kFiles[] = { { "", "the file is empty" },
                                                               { "version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer" },
                                                               { "<!doctype html>", "a web page" },
                                                               { "\x80\x04N.", "a bare pickle" },
                                                               { "\x1f\x8b\x08", "it is compressed" },
                                                               { "GGUF\x03", "a GGUF file" },
                                                               { "hello", "not a zip archive" } };
        for (const auto& [bytes, message] : kFiles)
            QVERIFY2(has(readingError(bytes), message), readingError(bytes).c_str());
        QVERIFY(has(readingError(fixture("types.safetensors")), "it is a safetensors file"));
        QVERIFY(has(errorOf([] { TorchCheckpoint { std::filesystem::path("/nowhere/x.ckpt") }; }), "does not exist"));
        QVERIFY(has(errorOf([] { TorchCheckpoint { std::filesystem::path("/tmp") }; }), "this is a folder"));
        QVERIFY(has(errorOf([] { TorchCheckpoint { std::filesystem::path("/dev/null") }; }), "no regular file"));
    }

    void aFileThatIsCutWhileItIsReadIsRefused()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "a.ckpt";
        std::filesystem::copy_file(checkpointPath("no-crc.ckpt"), path);
        TorchCheckpoint checkpoint(path);
        std::filesystem::resize_file(path, 100);
        QVERIFY(has(errorOf([&] { checkpoint.verify(checkpoint.tensors().front()); }), "was cut while it was read"));
    }
};

QTEST_GUILESS_MAIN(TestTorchCheckpoint)
#include "tst_torchcheckpoint.moc"
