// SPDX-License-Identifier: GPL-3.0-or-later
// Documents of every kind, encoding and state of damage.
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/text/Document.h"
#include "core/text/HtmlText.h"
#include "core/text/Utf8.h"
#include "TextFixture.h"

#include <QStringConverter>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace hayloft;
namespace fs = std::filesystem;
using namespace std::string_literals;

namespace {

/// A PDF of one page that shows `line`.
std::string smallPdf(const std::string& line, const std::string& trailerExtra = {})
{
    const std::string stream = line.empty() ? "" : "BT /F1 12 Tf 72 700 Td (" + line + ") Tj ET";
    const std::array<std::string, 5> objects
        = { "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
              "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R "
              ">> >> >>",
              "<< /Length " + std::to_string(stream.size()) + " >>\nstream\n" + stream + "\nendstream",
              "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" };
    std::string pdf = "%PDF-1.4\n", table = "xref\n0 6\n0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        char entry[32];
        std::snprintf(entry, sizeof entry, "%010zu 00000 n \n", pdf.size());
        table += entry;
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const auto start = std::to_string(pdf.size());
    return pdf + table + "trailer\n<< /Size 6 /Root 1 0 R " + trailerExtra + ">>\nstartxref\n" + start + "\n%%EOF\n";
}

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

class TestDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void encodings_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<int>("notices");
        const QString mixed = QString::fromUtf8("Grüße, 한국어 and 🙂.\r\nSecond line.\r\n");
        const QString plain = "Plain words in two lines.\r\nNothing else is in them.\n";
        const auto encode = [](QStringConverter::Encoding encoding, const QString& text, bool bom) {
            QStringEncoder encoder(encoding, bom ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
            return QByteArray(encoder(text));
        };
        QTest::newRow("UTF-8") << mixed.toUtf8() << mixed << "UTF-8" << 0;
        QTest::newRow("UTF-8 BOM") << QByteArray("\xEF\xBB\xBF") + mixed.toUtf8() << mixed << "UTF-8" << 0;
        QTest::newRow("UTF-16LE BOM") << encode(QStringConverter::Utf16LE, mixed, true) << mixed << "UTF-16LE" << 1;
        QTest::newRow("UTF-16BE BOM") << encode(QStringConverter::Utf16BE, mixed, true) << mixed << "UTF-16BE" << 1;
        QTest::newRow("UTF-16LE") << encode(QStringConverter::Utf16LE, plain, false) << plain << "UTF-16LE" << 1;
        QTest::newRow("UTF-16BE") << encode(QStringConverter::Utf16BE, plain, false) << plain << "UTF-16BE" << 1;
        const QString korean = QString::fromUtf8("안녕하세요 여러분 모두 반갑습니다\n");
        QTest::newRow("Korean UTF-16LE")
            << encode(QStringConverter::Utf16LE, korean, false).append("\x41\x00\x0a\x00", 4) << korean + "A\n"
            << "UTF-16LE" << 1;
        QTest::newRow("half a surrogate") << QByteArray("\xFF\xFE"
                                                        "a\0\0\xD8"
                                                        "b\0",
            8) << QString("a\uFFFDb") << "UTF-16LE"
                                          << 2;
        QTest::newRow("Latin-1") << QByteArray("Gr\xFC\xDF"
                                               "e aus M\xFCnchen, sch\xF6n.")
                                 << QString::fromUtf8("Grüße aus München, schön.") << "ISO-8859-1" << 1;
        QTest::newRow("Windows-1252") << QByteArray("\x93No\x94, he said \x96 it\x92s late.")
                                      << QString::fromUtf8("“No”, he said – it’s late.") << "Windows-1252" << 1;
        QTest::newRow("broken UTF-8") << QString::fromUtf8("한국어 문장 하나 둘 셋 ").toUtf8() + "\xED\x95"
                + "end" << QString::fromUtf8("한국어 문장 하나 둘 셋 ") + QString(2, QChar(0xFFFD)) + "end"
                                      << "UTF-8" << 1;
    }
    void encodings()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(QString, encoding);
        QFETCH(int, notices);
        write("a.txt", bytes.toStdString());
        const Document document = loadDocument(path("a.txt"));
        QCOMPARE(QString::fromStdString(document.text), text);
        QCOMPARE(QString::fromStdString(document.encoding), encoding);
        QCOMPARE(document.notices.size(), static_cast<std::size_t>(notices));
        QCOMPARE(document.name, std::string("a.txt"));
        QVERIFY(utf8::isValid(document.text));
    }

    void textIsNeverNormalised()
    {
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            std::string text = "start " + test::hostileText(seed, 200) + " end";
            std::erase_if(
                text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F; });
            write("a.md", text);
            QVERIFY(loadDocument(path("a.md")).text == text);
        }
    }

    void unreadableFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray() << "a.txt"
                               << "empty";
        QTest::newRow("white space") << QByteArray(" \n\t\r\n") << "a.txt"
                                     << "no text";
        QTest::newRow("BOM only") << QByteArray("\xEF\xBB\xBF") << "a.txt"
                                  << "no text";
        QByteArray binary;
        for (int i = 0; i < 5000; ++i)
            binary += static_cast<char>(i * i * 31 >> 3);
        QTest::newRow("binary") << binary << "a.bin"
                                << "not a text file";
        QTest::newRow("zero bytes") << QByteArray("text\0with zeros\0in it", 21) << "a.txt"
                                    << "not a text file";
        QTest::newRow("controls") << QByteArray(100, '\x01') << "a.txt"
                                  << "not a text file";
        QTest::newRow("UTF-32") << QByteArray("\xFF\xFE\0\0a\0\0\0", 8) << "a.txt"
                                << "UTF-32";
        QTest::newRow("HTML without text") << QByteArray("<html><script>var a = 1;</script></html>") << "a.html"
                                           << "no text";
        QTest::newRow("damaged PDF") << QByteArray("%PDF-1.4\nnothing") << "a.pdf"
                                     << "PDF";
    }
    void unreadableFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        QFETCH(QString, message);
        write(name.toStdString(), bytes.toStdString());
        const auto found = messageOf([&] { loadDocument(path(name.toStdString())); });
        QVERIFY2(contains(found, qPrintable(message)), found.c_str());
        QVERIFY(contains(found, name.toStdString().c_str()) && !contains(found, "\n"));
    }

    void missingAndHuge()
    {
        QVERIFY(contains(messageOf([&] { loadDocument(path("none.txt")); }), "does not exist"));
        write("huge.txt", "x");
        fs::resize_file(path("huge.txt"), kMaxDocumentBytes + 1); // sparse
        QVERIFY(contains(messageOf([&] { loadDocument(path("huge.txt")); }), "larger than 512 MiB"));
    }

    void randomBytesNeverGiveInvalidText()
    {
        Random random(4);
        for (int round = 0; round < 500; ++round) {
            std::string bytes(1 + random.below(300), '\0');
            const auto range = random.below(2) == 0 ? 256 : 96;
            for (auto& byte : bytes)
                byte = static_cast<char>(range == 256 ? random.below(256)
                        : random.below(20) == 0       ? 128 + random.below(128)
                                                      : 32 + random.below(95));
            write("a.txt", bytes);
            const auto message = messageOf([&] { QVERIFY(utf8::isValid(loadDocument(path("a.txt")).text)); });
            QVERIFY(!contains(message, "\n"));
        }
    }

    void html_data()
    {
        QTest::addColumn<QString>("html");
        QTest::addColumn<QString>("text");
        QTest::newRow("paragraphs") << "<p>One  two\nthree</p><p>Four</p>"
                                    << "One two three\n\nFour\n";
        QTest::newRow("inline") << "a<b>b</b> <i>c</i>d"
                                << "ab cd\n";
        QTest::newRow("breaks and lists") << "x<br>y<ul><li>1<li>2</ul>z"
                                          << "x\ny\n\n1\n2\n\nz\n";
        QTest::newRow("hidden") << "<head><title>T</title><style>p>a{}</style></head>a<script>if (a<b) '</p>'</script>b"
                                << "ab\n";
        QTest::newRow("comment") << "a<!-- <p> > -->b"
                                 << "ab\n";
        QTest::newRow("entities") << "&lt;&amp;&gt; &eacute;&#233;&#xE9; &mdash;&#151; &unknown; AT&T &"
                                  << QString::fromUtf8("<&> ééé —— &unknown; AT&T &\n");
        QTest::newRow("quoted") << "<a title='x > y' href=\"z\">t</a>"
                                << "t\n";
        QTest::newRow("lost quote") << "<a href=\"x>one</a> two"
                                    << "one two\n";
        QTest::newRow("less than") << "1 < 2 and 3<4"
                                   << "1 < 2 and 3<4\n";
        QTest::newRow("pre") << "<pre>a\n  b</pre>"
                             << "a\n  b\n";
        QTest::newRow("table") << "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
                               << "a b\nc\n";
        QTest::newRow("unclosed") << "text<p"
                                  << "text\n";
        QTest::newRow("unclosed comment") << "text<!-- x"
                                          << "text\n";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void html()
    {
        QFETCH(QString, html);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(textOfHtml(html.toStdString())), text);
    }

    void htmlOfAnyKindEnds()
    {
        std::string repeated;
        for (const char* part : { "<a \"", "<!--", "<script>", "</", "<p", "&#x", "<b title='", "<style></styl" }) {
            repeated.clear();
            while (repeated.size() < 400000)
                repeated += part;
            textOfHtml(repeated);
        }
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            std::string html = test::hostileText(seed, 300);
            Random random(seed);
            for (auto& byte : html)
                if (random.below(6) == 0 && static_cast<unsigned char>(byte) < 0x80)
                    byte = "<>&;/!-\"'"[random.below(9)];
            QVERIFY(utf8::isValid(textOfHtml(html)));
        }
    }

    void htmlFile()
    {
        write("page.HTM",
            "<p>Gr\xFC\xDF"
            "e aus dem Norden</p>");
        const Document document = loadDocument(path("page.HTM"));
        QCOMPARE(document.text, std::string("Grüße aus dem Norden\n"));
        QCOMPARE(document.notices.size(), std::size_t { 1 });
    }

    void pdf()
    {
        write("a.pdf", smallPdf("The pass key is 4471."));
        const auto message = messageOf([&] {
            QCOMPARE(loadDocument(path("a.pdf")).text, std::string("The pass key is 4471.\n"));
            write("b.pdf", smallPdf(""));
            QVERIFY(contains(messageOf([&] { loadDocument(path("b.pdf")); }), "PDF has no text"));
            const std::string key(64, '5');
            write("c.pdf",
                smallPdf("secret",
                    "/ID [<" + key + "> <" + key + ">] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + key
                        + "> /U <" + key + "> >> "));
            QVERIFY(contains(messageOf([&] { loadDocument(path("c.pdf")); }), "password"));
        });
        if (contains(message, "cannot read PDF"))
            QSKIP("built without poppler");
        QCOMPARE(message, std::string());
    }

    void folder()
    {
        fs::create_directories(path("d/b"));
        fs::create_directories(path("d/.hidden"));
        write("d/a.txt", "First.");
        write("d/b/c.md", "Second.");
        write("d/z.html", "<p>Third.</p>");
        write("d/README.md", "About these texts.");
        write("d/empty.txt", "");
        write("d/image.png", "\x89PNG");
        write("d/.hidden/x.txt", "Hidden.");
        fs::create_directory_symlink("..", path("d/b/loop"));
        const Document document = loadDocument(path("d"));
        QCOMPARE(document.text, std::string("First.\n\nSecond.\n\nThird.\n"));
        QCOMPARE(document.name, std::string("d"));
        QCOMPARE(document.notices.size(), std::size_t { 2 });
        QVERIFY(contains(document.notices[0], "empty.txt"));
        QVERIFY(contains(document.notices[1], "image.png"));
        QCOMPARE(loadDocument(path("d/")).name, std::string("d"));
    }

    void folderWithoutTexts()
    {
        fs::create_directory(path("d"));
        QVERIFY(contains(messageOf([&] { loadDocument(path("d")); }), "no readable"));
        write("d/image.png", "x");
        QVERIFY(contains(messageOf([&] { loadDocument(path("d")); }), "image.png"));
    }

    void severalPaths()
    {
        write("a.txt", "One.");
        write("b.txt",
            "Gr\xFC\xDF"
            "e an alle.");
        const Document document = loadDocuments({ path("b.txt"), path("a.txt") });
        QCOMPARE(document.text, std::string("Grüße an alle.\n\nOne."));
        QCOMPARE(document.encoding, std::string("mixed"));
        QCOMPARE(document.name, std::string("b.txt and 1 more"));
        QVERIFY_EXCEPTION_THROWN(loadDocuments({ path("a.txt"), path("none.txt") }), Error);
        QVERIFY_EXCEPTION_THROWN(loadDocuments({}), Error);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(loadDocument(path("a.txt"), { stop.get_token(), {} }), Cancelled);
    }

    void pastedText()
    {
        QCOMPARE(documentFromText("a\r\nb", "pasted").text, std::string("a\r\nb"));
        QVERIFY_EXCEPTION_THROWN(documentFromText(" \n", "pasted"), Error);
        QVERIFY(contains(messageOf([] { documentFromText("ab\xFF", "pasted"); }), "byte 2"));
    }

private:
    fs::path path(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    void write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
