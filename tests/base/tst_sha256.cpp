// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 against the standard's vectors.
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Sha256.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;

class TestSha256 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void standardVectors()
    {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256(std::string(1000000, 'a')),
            std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void everyLengthAroundTheBlockSize()
    {
        for (int n = 0; n < 200; ++n) {
            const QByteArray bytes(n, static_cast<char>(n * 7));
            const auto expected = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
            QCOMPARE(sha256(bytes.toStdString()), expected);
        }
    }

    void fileInBlocks()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("file").toStdString();
        const std::string bytes((std::size_t { 1 } << 20) + 17, 'x');
        writeFileAtomically(path, bytes);
        QCOMPARE(sha256File(path), sha256(bytes));
        QVERIFY_EXCEPTION_THROWN(sha256File(path / "missing"), Error);
        QVERIFY_EXCEPTION_THROWN(sha256File(folder.path().toStdString()), Error);
    }
};

QTEST_GUILESS_MAIN(TestSha256)
#include "tst_sha256.moc"
