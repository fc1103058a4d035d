// SPDX-License-Identifier: GPL-3.0-or-later
// Training of content keys: WordNet's files, made-up questions, and a model folder that has the keys afterwards.
#include "core/base/Files.h"
#include "core/model/ContentTraining.h"
#include "core/model/LatentModel.h"
#include "core/model/QuestionPairs.h"
#include "core/model/SafeTensors.h"
#include "tests/model/ModelFixture.h"

#include <QTest>
#include <set>

using namespace hayloft;

namespace {

/// A WordNet of five meanings in the layout of wndb(5WN).
void writeWordNet(const std::filesystem::path& folder)
{
    std::filesystem::create_directories(folder);
    writeFileAtomically(folder / "data.noun",
        "  1 licence\n"
        "00000001 06 n 02 river 0 stream 0 001 @ 00000002 n 0000 | a large natural flow of water over stone; \"the river was frozen\"  \n"
        "00000002 06 n 01 water 0 000 | a liquid  \n"
        "00000003 06 n 02 keeper 0 lighthouse_man 0 001 + 00000004 v 0101 | someone in charge of a lamp  \n");
    writeFileAtomically(folder / "data.verb", "00000004 38 v 01 keep 0 000 01 + 08 00 | hold and have  \n");
    writeFileAtomically(folder / "data.adj", "00000005 00 s 01 old(a) 0 000 | of long ago  \n");
    writeFileAtomically(folder / "data.adv", "");
    writeFileAtomically(folder / "index.noun", "  1 licence\nriver n 1 1 @ 1 1 00000001  \nkeeper n 1 1 + 1 1 00000003  \nlighthouse_man n 1 0 1 0 00000003  \n");
    writeFileAtomically(folder / "index.verb", "keep v 1 0 1 1 00000004  \n");
    writeFileAtomically(folder / "index.adj", "old a 1 0 1 1 00000005  \n");
    writeFileAtomically(folder / "index.adv", "");
}

std::set<std::string> relatedTo(const WordNet& net, const std::string& stem)
{
    std::set<std::string> words;
    if (const auto found = net.related().find(stem); found != net.related().end())
        for (const auto& word : found->second)
            words.insert(word.stem);
    return words;
}

} // namespace

class TestContentTraining : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;

    std::filesystem::path path(const char* name) const { return m_directory.filePath(QString::fromLatin1(name)).toStdString(); }
    ContentTrainingOptions options(const char* model, std::int64_t steps) const
    {
        ContentTrainingOptions options;
        options.corpus = { path("corpus.txt") };
        options.model = path(model);
        options.wordNet = path("wordnet");
        options.steps = steps;
        return options;
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeWordNet(path("wordnet"));
        trainModel(test::tinyTraining(m_directory, QStringLiteral("model"), 2));
    }

    void wordNetRelatesWords()
    {
        const WordNet net(path("wordnet"));
        QCOMPARE(net.meanings().size(), std::size_t(5));
        QCOMPARE(relatedTo(net, "river"), std::set<std::string>({ "stream", "water", "larg", "natur", "flow", "stone" }));
        QCOMPARE(relatedTo(net, "keeper"), std::set<std::string>({ "keep", "lighthous", "man", "charg", "lamp" }));
        QCOMPARE(net.meanings()[0].examples.size(), std::size_t(1));
        QCOMPARE(net.meanings()[4].words, std::vector<std::string>({ "old" }));
    }

    void otherFilesAreNoWordNet()
    {
        QVERIFY_EXCEPTION_THROWN(WordNet(path("nowhere")), Error);
        std::filesystem::copy(path("wordnet"), path("damaged"));
        writeFileAtomically(path("damaged") / "data.noun", "this is no database\n");
        QVERIFY_EXCEPTION_THROWN(WordNet(path("damaged")), Error);
    }

    void questionsComeFromTheirSegmentOrItsRelations()
    {
        const Corpus corpus({ path("corpus.txt") });
        const auto tokenizer = openSentencePiece(path("model") / "tokenizer.model");
        const WordNet net(path("wordnet"));
        const ContentVocabulary vocabulary(corpus, *tokenizer, 64, &net, {}, {});
        QVERIFY(vocabulary.meanings() > 10);
        QVERIFY(vocabulary.rowOf("river") >= 0);
        QCOMPARE(vocabulary.rowOf("submarine"), -1);
        QuestionPairs pairs(vocabulary, &net, 5), again(vocabulary, &net, 5), other(vocabulary, &net, 6);
        int differing = 0;
        std::set<int> replaced;
        const int river = vocabulary.rowOf("river"), stone = vocabulary.rowOf("stone");
        for (int i = 0; i < 2000; ++i) {
            const auto pair = pairs.next(), same = again.next(), drawn = other.next();
            QVERIFY(pair.question == same.question && pair.segment == same.segment);
            differing += pair.question != drawn.question;
            const auto holds = [](const std::vector<int>& words, int word) { return std::find(words.begin(), words.end(), word) != words.end(); };
            if (holds(pair.segment, river) && !holds(pair.segment, stone) && holds(pair.question, stone))
                replaced.insert(i);
        }
        QVERIFY(differing > 1900);
        QVERIFY(!replaced.empty()); // the definition's "stone" asks for the river
    }

    void theModelGetsItsKeys()
    {
        QVERIFY(!openModel(path("model"), "cpu")->contentKeys());
        std::filesystem::copy(path("model"), path("keyed"), std::filesystem::copy_options::recursive);
        const auto summary = trainContentKeys(options("keyed", 60));
        QCOMPARE(summary.steps, std::int64_t(60));
        QVERIFY(summary.words > 15 && summary.meanings > 10);
        const auto model = openModel(path("keyed"), "cpu");
        QVERIFY(model->contentKeys());
        QCOMPARE(model->contentKeys()->table().meanings.rows(), Index(summary.meanings));
        const auto key = model->contentKeys()->encode({ "The old keeper walked over the stone." }, KeySide::Write);
        QVERIFY(std::abs(key.norm() - 1) < 1e-5f);
        const AbsenceRule& rule = model->contentKeys()->table().absence;
        QVERIFY(rule.calibrated());
        QCOMPARE(rule.coverage, summary.absence.coverage);
        QVERIFY(rule.coverage > 0); // the more of a question an answer holds, the better
        // What training brought together is together in the file.
        const auto& keys = *model->contentKeys();
        const auto near = [&](const char* a, const char* b) {
            return keys.encode({ a }, KeySide::Read).row(0).dot(keys.encode({ b }, KeySide::Write).row(0));
        };
        QVERIFY2(near("keeper", "lamp") > near("keeper", "winter"), qPrintable(QString("%1 %2").arg(near("keeper", "lamp")).arg(near("keeper", "winter"))));
    }

    void sameSeedSameKeys()
    {
        for (const char* name : { "one", "two" }) {
            std::filesystem::copy(path("model"), path(name), std::filesystem::copy_options::recursive);
            trainContentKeys(options(name, 3));
        }
        QCOMPARE(readFile(path("one") / "content-keys.safetensors", 1 << 24), readFile(path("two") / "content-keys.safetensors", 1 << 24));
    }

    /// WordNet tells lamp and keeper alike, this teacher lamp and winter.
    void aTeacherIsBelieved()
    {
        std::string texts;
        std::vector<float> vectors;
        const auto add = [&](const std::string& text, float x, float y) {
            texts += texts.empty() ? text : "\n" + text;
            vectors.insert(vectors.end(), { x, y, 1e-3f * static_cast<float>(vectors.size() % 7), 0 });
        };
        for (int i = 0; i < 60; ++i) {
            add("the lamp and the winter", 1, 0);
            add("winter of old", 0.9f, 0.1f);
            add("a lamp over a lamp", 0.95f, 0);
            add("the keeper and the stone", 0, 1);
            add("a submarine keeper walked", 0.1f, 0.9f);
        }
        add("lamp", 1, 0);
        add("winter", 0.9f, 0.2f);
        add("keeper", 0, 1);
        add("stone", 0.1f, 0.9f);
        add("submarine", 0.2f, 0.9f);
        const auto rows = static_cast<std::int64_t>(vectors.size() / 4);
        const auto bytes = [](const std::string& text) { return StoredTensor { TensorType::UInt8, { static_cast<std::int64_t>(text.size()) }, text }; };
        saveSafeTensors({ { "teacher", bytes("test") }, { "texts", bytes(texts) }, { "vectors", StoredTensor::halves(vectors, { rows, 4 }) } },
                        path("teacher.safetensors"));
        std::filesystem::copy(path("model"), path("taught"), std::filesystem::copy_options::recursive);
        auto taught = options("taught", 60);
        taught.wordNet.clear();
        taught.teacher = path("teacher.safetensors");
        trainContentKeys(taught);
        const auto model = openModel(path("taught"), "cpu");
        const auto& keys = *model->contentKeys();
        QCOMPARE(keys.table().meanings.cols(), Index(4)); // as many numbers as the teacher's
        QCOMPARE(keys.table().meaningShift.size(), std::size_t(4));
        // Of questions: in so small a corpus each word is too common for a segment's meaning to weigh anything.
        const auto near = [&](const char* a, const char* b) {
            return keys.encode({ a }, KeySide::Read).row(0).dot(keys.encode({ b }, KeySide::Read).row(0));
        };
        QVERIFY2(near("lamp", "winter") > near("lamp", "keeper") + 0.2f, qPrintable(QString("%1 %2").arg(near("lamp", "winter")).arg(near("lamp", "keeper"))));
        // A word that the corpus lacks has its meaning from the teacher's texts.
        QVERIFY2(near("submarine", "stone") > near("submarine", "lamp"), qPrintable(QString("%1 %2").arg(near("submarine", "stone")).arg(near("submarine", "lamp"))));
        // Refused before anything is trained.
        taught.steps = 0;
        QVERIFY_EXCEPTION_THROWN(trainContentKeys(taught), Error);
        taught.steps = 60;
        saveSafeTensors({ { "teacher", bytes("test") }, { "texts", bytes("lamp") }, { "vectors", StoredTensor::halves(std::vector<float>(767, 1), { 1, 767 }) } },
                        path("wide.safetensors"));
        taught.teacher = path("wide.safetensors");
        QVERIFY_EXCEPTION_THROWN(trainContentKeys(taught), Error);
        taught.teacher = path("none.safetensors");
        QVERIFY_EXCEPTION_THROWN(trainContentKeys(taught), Error);
    }

    void withoutStepsOnlyRarities()
    {
        std::filesystem::copy(path("model"), path("bare"), std::filesystem::copy_options::recursive);
        auto bare = options("bare", 0);
        bare.wordNet.clear();
        QCOMPARE(trainContentKeys(bare).meanings, std::int64_t(0));
        const auto model = openModel(path("bare"), "cpu");
        const auto& table = model->contentKeys()->table();
        QCOMPARE(table.meaningShare, 0.0f);
        QVERIFY(table.unknownRarity > *std::max_element(table.rarity.begin(), table.rarity.end()));
        QCOMPARE(table.tokenRarity.size(), std::size_t(model->info().vocabularySize));
    }

    void anotherNameIsNoAnswer()
    {
        const char* const names[] = { "Ash-Cove", "Birch-Hill", "Cedar-Point", "Drift-Head", "Elm-Reach", "Flint-Quay" };
        const char* const things[] = { "lamp", "ledger", "boat", "bell", "net", "rope", "anchor" };
        std::string corpus;
        for (int i = 0; i < 400; ++i)
            corpus += QString("The keeper of %1 mended the %2 of boat %3 in the year %4 before the winter came.\n")
                          .arg(names[i % 6], things[i % 7]).arg(i % 11).arg(1500 + i).toStdString();
        writeFileAtomically(path("named.txt"), corpus);
        std::filesystem::copy(path("model"), path("named"), std::filesystem::copy_options::recursive);
        auto named = options("named", 0);
        named.corpus = { path("named.txt") };
        const auto summary = trainContentKeys(named);
        QVERIFY2(summary.alike > 100, qPrintable(QString::number(summary.alike)));
        QCOMPARE(summary.alikeAnswers, 0.0);
    }

    void changedFilesAreNoticed()
    {
        std::filesystem::copy(path("keyed"), path("changed"), std::filesystem::copy_options::recursive);
        auto bytes = readFile(path("changed") / "content-keys.safetensors", 1 << 24);
        bytes[bytes.size() / 2] ^= 1;
        writeFileAtomically(path("changed") / "content-keys.safetensors", bytes);
        QVERIFY_EXCEPTION_THROWN(openModel(path("changed"), "cpu"), Error);
    }

    void cancellingWritesNothing()
    {
        std::filesystem::copy(path("model"), path("cancelled"), std::filesystem::copy_options::recursive);
        std::stop_source stop;
        Task task { stop.get_token(), [&](const Progress& p) {
                       if (p.phase == "train")
                           stop.request_stop();
                   } };
        QVERIFY_EXCEPTION_THROWN(trainContentKeys(options("cancelled", 1000), task), Cancelled);
        QVERIFY(!std::filesystem::exists(path("cancelled") / "content-keys.safetensors"));
        QVERIFY(!openModel(path("cancelled"), "cpu")->contentKeys());
    }
};

QTEST_GUILESS_MAIN(TestContentTraining)
#include "tst_contenttraining.moc"
