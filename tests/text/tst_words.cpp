// SPDX-License-Identifier: GPL-3.0-or-later
// Words as search sees them.
#include "core/text/Words.h"

#include <QTest>

using namespace hayloft;

class TestWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stems_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("stems");
        QTest::newRow("case and endings") << "The Numbers, numbered: NUMBER!" << "the number number number";
        QTest::newRow("apostrophes") << "It's the captain's and don’t" << "it the captain and don";
        QTest::newRow("an apostrophe that quotes") << "'s sea" << "s sea";
        QTest::newRow("accents and ligatures") << "Père Ümit ﬁnds naïveté" << "pere umit find naivet";
        QTest::newRow("hyphens and digits") << "green-apple 8f3a-77 4471." << "green appl 8f3a 77 4471";
        QTest::newRow("Cyrillic and Greek") << "МОСКВА Αθήνα" << "москва αθηνα";
        QTest::newRow("Chinese in pairs") << "旧金山 海" << "旧金 金山 海";
        QTest::newRow("Latin beside kana") << "Qtは速い" << "qt は速 速い";
        QTest::newRow("nothing") << " -- … \t" << "";
        QTest::newRow("empty") << "" << "";
    }
    void stems()
    {
        QFETCH(QString, text);
        QFETCH(QString, stems);
        QStringList found;
        for (const Word& word : WordCutter().cut(text.toStdString()))
            found << QString::fromStdString(word.stem);
        QCOMPARE(found.join(" ").normalized(QString::NormalizationForm_C), stems.normalized(QString::NormalizationForm_C));
    }

    void koreanEndingsKeepTheirWord()
    {
        const WordCutter cutter;
        const auto a = cutter.cut("도서관에서"), b = cutter.cut("도서관");
        QCOMPARE(b.size(), std::size_t(2));
        for (std::size_t i = 0; i < b.size(); ++i)
            QCOMPARE(a[i].stem, b[i].stem);
    }

    void rangesCoverTheWordsAsWritten()
    {
        const std::string text = "Zürich’s 12 bells, 8f3a 旧金山!";
        QStringList written;
        for (const Word& word : WordCutter().cut(text))
            written << QString::fromStdString(text.substr(word.begin, word.end - word.begin)) + (word.number ? "#" : "");
        QCOMPARE(written, QStringList({ "Zürich", "12#", "bells", "8f3a#", "旧金", "金山" }));
    }

    void anyBytesAreTaken()
    {
        std::string bytes;
        for (int i = 0; i < 4096; ++i)
            bytes += char((i * 131 + i / 7) & 0xFF);
        for (const Word& word : WordCutter().cut(bytes)) {
            QVERIFY(word.begin < word.end && word.end <= bytes.size());
            QVERIFY(!word.stem.empty());
        }
    }
};

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
