// SPDX-License-Identifier: GPL-3.0-or-later
// The published vocabularies, and ids of the published tokenizers: both are not part of Hayloft and have to be named.
// HAYLOFT_VOCABULARIES: a folder with vocab.txt, vocab.json and merges.txt.  HAYLOFT_TOKENIZER_REFERENCE: what
// tests/parity/reference_ids.py wrote; it also tells where the vocabularies are to be had.
#include "core/base/Sha256.h"
#include "core/text/ByteBpeTokenizer.h"
#include "core/text/UnicodeClasses.h"
#include "core/text/WordPieceTokenizer.h"
#include "tests/parity/TokenizerReference.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestTokenizerParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray folder = qgetenv("HAYLOFT_VOCABULARIES");
        if (folder.isEmpty())
            QSKIP("HAYLOFT_VOCABULARIES names no folder with vocab.txt, vocab.json and merges.txt "
                  "(tests/parity/reference_ids.py)");
        if (!unicode::isAvailable())
            QSKIP("built without ICU");
        m_folder = folder.toStdString();
        m_bert = openWordPiece(m_folder / "vocab.txt");
        m_gpt2 = openByteBpe(m_folder / "vocab.json", m_folder / "merges.txt");
    }

    void vocabulariesAreThePublishedOnes_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sha256");
        QTest::newRow("BERT") << "vocab.txt"
                              << "eeaa9875b23b04b4c54ef759d03db9d1ba1554838f8fb26c5d96fa551df93d02";
        QTest::newRow("GPT-2") << "vocab.json"
                               << "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783";
        QTest::newRow("merges") << "merges.txt"
                                << "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5";
    }
    void vocabulariesAreThePublishedOnes()
    {
        QFETCH(QString, file);
        QFETCH(QString, sha256);
        QCOMPARE(QString::fromStdString(sha256File(m_folder / file.toStdString())), sha256);
    }

    void sizesAndSpecialIds()
    {
        QCOMPARE(m_bert->size(), 28996);
        QCOMPARE(m_bert->padId(), 0);
        QCOMPARE(m_bert->bosId(), 101);
        QCOMPARE(m_bert->eosId(), 102);
        QCOMPARE(m_bert->encode("[UNK][MASK]"), (TokenIds { 100, 103 }));
        QCOMPARE(m_gpt2->size(), 50260);
        QCOMPARE(m_gpt2->encode("<|endoftext|><PAD><BOS><EOS>"), (TokenIds { 50256, 50257, 50258, 50259 }));
    }

    /// From the published notebook of single fact editing.
    void idsOfTheNotebook()
    {
        QCOMPARE(m_gpt2->encode("English"), TokenIds { 3594 });
        QCOMPARE(m_gpt2->encode("French"), TokenIds { 4141 });
        for (const char* text : { "<BOS>English", "<BOS> English", "<BOS> English " })
            QCOMPARE(m_gpt2->encode(text), (TokenIds { 50258, 3594 }));
    }

    void idsAndTextsOfTheReference()
    {
        const QByteArray file = qgetenv("HAYLOFT_TOKENIZER_REFERENCE");
        if (file.isEmpty())
            QSKIP("HAYLOFT_TOKENIZER_REFERENCE names no file of tests/parity/reference_ids.py");
        const auto reference = readTokenizerReference(file.toStdString());
        const auto bert = compareTokenizer(*m_bert, reference, &ReferenceText::bert, reference.bertDiffers);
        const auto gpt2 = compareTokenizer(*m_gpt2, reference, &ReferenceText::gpt2, reference.gpt2Differs);
        for (const auto* found : { &bert, &gpt2 }) {
            QVERIFY(found->texts > 0);
            QVERIFY2(found->unexplainedTexts == 0, found->examples.empty() ? "" : found->examples[0].c_str());
            QCOMPARE(found->badSpans, std::size_t { 0 });
        }
        QCOMPARE(differentDecodes(*m_gpt2, reference), std::size_t { 0 });
    }

private:
    std::filesystem::path m_folder;
    std::unique_ptr<Tokenizer> m_bert, m_gpt2;
};

QTEST_GUILESS_MAIN(TestTokenizerParity)
#include "tst_tokenizerparity.moc"
