// SPDX-License-Identifier: GPL-3.0-or-later
// Run records: what is written is read back, hostile text is refused by name.
#include "RunRecordFixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    if (at == std::string::npos)
        throw std::logic_error("the test's own text is out of date: " + from);
    return text.replace(at, from.size(), to);
}

// The message of the error that reading this text throws; "" when it was accepted.
std::string refusal(const std::string& json)
{
    try {
        runRecordFromJson(json, "here.json");
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

class TestRunRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writtenIsReadBack()
    {
        const RunRecord record = makeRecord();
        const RunRecord back = runRecordFromJson(toJson(record));
        QCOMPARE(back.created, record.created);
        QCOMPARE(back.plan.seed, record.plan.seed);
        QCOMPARE(back.plan.lengths, record.plan.lengths);
        QCOMPARE(back.plan.depths, record.plan.depths);
        QCOMPARE(back.plan.controls, 5);
        QCOMPARE(back.plan.memory.rows, Index(4096));
        QVERIFY(back.plan.task.placement == Placement::Inside);
        QVERIFY(back.plan.memory.keys == KeyKind::Whole);
        QVERIFY(back.plan.memory.keyMemory == KeyMemoryKind::Fixed);
        QVERIFY(back.plan.segmenter.kind == SegmenterKind::Paragraph);
        QVERIFY(back.plan.path == SweepPath::Naive);
        QCOMPARE(back.machine.blasCore, std::string("Zen"));
        QCOMPARE(back.model.parameters, std::int64_t(12345678));
        QCOMPARE(back.result.controls.falseAnswers, 1);
        QCOMPARE(back.result.cells.size(), std::size_t(6));
        const Sample& sample = back.result.cells[4].samples[0];
        const Sample& original = record.result.cells[4].samples[0];
        QCOMPARE(sample.seed, original.seed);
        QCOMPARE(sample.answer, original.answer);
        QCOMPARE(sample.keyDistance, original.keyDistance); // the same float, bit for bit
        QVERIFY(sample.depthAchieved == original.depthAchieved);
        QVERIFY(sample.failure == Failure::RowShared);
        QCOMPARE(sample.readRow, Index(-1));
        // Every value at once: the bytes are the same again.
        QCOMPARE(toJson(back), toJson(record));
    }

    void needlesAreReadBack()
    {
        RunRecord record = makeRecord();
        record.plan.task.kind = TaskKind::Needle;
        record.plan.task.needles = { { "One two.", "One", "What?" }, { "Three \xF0\x9F\x8C\xBE four.", "Three", "" } };
        const RunRecord back = runRecordFromJson(toJson(record));
        QCOMPARE(back.plan.task.needles.size(), std::size_t(2));
        QCOMPARE(back.plan.task.needles[1].text, record.plan.task.needles[1].text);
        QCOMPARE(back.plan.task.needles[0].question, std::string("What?"));
    }

    void rulerRunsAreReadBack()
    {
        RunRecord record = makeRecord();
        // Nothing of this stands in the records of other tasks: they are what they were.
        for (const char* key : { "ruler_score", "read_rows", "write_rows", "depths\": [\n     ", "\"reading\"" })
            QVERIFY2(toJson(record).find(key) == std::string::npos, key);
        record.plan.task.kind = TaskKind::Ruler;
        record.plan.task.ruler = RulerTask::NiahMultivalue;
        record.plan.reading = { true, { 0.75, 6 }, 2 };
        record.plan.memory.keys = KeyKind::Content;
        record.result.cells[1].rulerScore = 0.625;
        Sample& sample = record.result.cells[1].samples[0];
        sample.rulerScore = 0.25;
        sample.readRows = { 4, 5, 12 };
        sample.writeRows = { 4, 9, -1, 12 };
        sample.depths = { 10.5, -1, 100 };
        const std::string json = toJson(record);
        QVERIFY(json.find("\"kind\": \"niah_multivalue\"") != std::string::npos);
        QVERIFY(json.find("One of the special magic numbers for {K} is: {V}.") != std::string::npos);
        QVERIFY(json.find("What are all the special magic numbers for {K} mentioned in the provided text?") != std::string::npos);
        const RunRecord back = runRecordFromJson(json);
        QVERIFY(back.plan.task.kind == TaskKind::Ruler && back.plan.task.ruler == RulerTask::NiahMultivalue);
        QVERIFY(back.plan.reading.byQuestion);
        QCOMPARE(back.plan.reading.rows.share, 0.75);
        QCOMPARE(back.plan.reading.rows.most, 6);
        QCOMPARE(back.plan.reading.follow, 2);
        QCOMPARE(back.result.cells[1].rulerScore, 0.625);
        const Sample& read = back.result.cells[1].samples[0];
        QCOMPARE(read.readRows, sample.readRows);
        QCOMPARE(read.writeRows, sample.writeRows);
        QCOMPARE(read.depths, sample.depths);
        QCOMPARE(toJson(back), json);
        QVERIFY(toCsv(record).find(",RULER niah_multivalue,content,") != std::string::npos);
        QVERIFY(toCsv(record).find(",18446744073709551615,0.625,,,\r\n") != std::string::npos);
        QVERIFY(captionOf(record).find("RULER niah_multivalue; content keys") != std::string::npos);
        QVERIFY(captionOf(record).find("RULER score 1.39") != std::string::npos); // .25 of 18 samples
        for (const RulerTask task : kRulerTasks) {
            record.plan.task.ruler = task;
            QVERIFY(runRecordFromJson(toJson(record)).plan.task.ruler == task);
        }
    }

    void pseudoInverseRunsAreReadBack()
    {
        RunRecord record = makeRecord();
        QVERIFY(toJson(record).find("\"inverse\"") == std::string::npos); // records of the nearest row are what they were
        MemorySettings& memory = record.plan.memory;
        memory.addressing = Addressing::PseudoInverse;
        memory.keyMemory = KeyMemoryKind::Prior;
        memory.reads = 3;
        for (const InverseMode mode : { InverseMode::Exact, InverseMode::Newton }) {
            memory.inverse = mode;
            memory.newton = mode == InverseMode::Newton ? NewtonSettings { 7, 2.5e-4 } : NewtonSettings();
            const std::string json = toJson(record);
            QVERIFY(json.find("\"mode\": \"pseudo-inverse\"") != std::string::npos);
            const RunRecord back = runRecordFromJson(json);
            QVERIFY(back.plan.memory.addressing == Addressing::PseudoInverse && back.plan.memory.keyMemory == KeyMemoryKind::Prior);
            QVERIFY(back.plan.memory.inverse == mode);
            QCOMPARE(back.plan.memory.reads, 3);
            QCOMPARE(back.plan.memory.newton.steps, memory.newton.steps);
            QCOMPARE(back.plan.memory.newton.scale, memory.newton.scale);
            QCOMPARE(toJson(back), json);
            QVERIFY(captionOf(record).find("pseudo-inverse addressing (4,096 learned rows, ") != std::string::npos);
        }
        QVERIFY(captionOf(record).find("7 Newton steps from 0.00025, 3 reads") != std::string::npos);
    }

    void precisionAndLatentsAreReadBack()
    {
        RunRecord record = makeRecord();
        for (const char* key : { "precision", "latents" })
            QVERIFY2(toJson(record).find(key) == std::string::npos, key); // records of float32 are what they were
        QVERIFY(runRecordFromJson(toJson(record)).model.precision == Precision::Float32);
        record.model.precision = Precision::BFloat16;
        record.plan.memory.latents = LatentFormat::Float16;
        const std::string json = toJson(record);
        const RunRecord back = runRecordFromJson(json);
        QVERIFY(back.model.precision == Precision::BFloat16 && back.plan.memory.latents == LatentFormat::Float16);
        QCOMPARE(toJson(back), json);
        const std::string caption = captionOf(record);
        QVERIFY2(caption.find("parameters), computed in bfloat16") != std::string::npos && caption.find("latents kept as float16") != std::string::npos, caption.c_str());
        for (const char* name : { "\"bfloat16\"", "\"float16\"" }) {
            std::string bad = json;
            bad.replace(bad.find(name), std::string(name).size(), "\"float8\"");
            QVERIFY_EXCEPTION_THROWN(runRecordFromJson(bad), Error);
        }
    }

    void promptsAndNoiseAreReadBack()
    {
        RunRecord record = makeRecord();
        for (const char* key : { "prompted", "observation_noise", "sampled" })
            QVERIFY2(toJson(record).find(key) == std::string::npos, key); // records without them are what they were, and are read:
        QVERIFY(runRecordFromJson(toJson(record)).plan.memory.prompted == DecoderPrompt::None);
        MemorySettings& memory = record.plan.memory;
        memory.prompted = DecoderPrompt::Prefix;
        QVERIFY(runRecordFromJson(toJson(record)).plan.memory.prompted == DecoderPrompt::Prefix);
        QVERIFY(captionOf(record).find("nearest row), answers prompted with the query's first tokens. ") != std::string::npos);
        memory.prompted = DecoderPrompt::Query;
        memory.addressing = Addressing::PseudoInverse;
        QVERIFY(toJson(record).find("observation_noise") == std::string::npos);
        memory.observationNoise = 1e-6f;
        memory.sampled = true;
        memory.weightLogVariance = -0.1f;
        const std::string json = toJson(record);
        QVERIFY(json.find("\"observation_noise\": 1e-06,") != std::string::npos);
        const MemorySettings back = runRecordFromJson(json).plan.memory;
        QVERIFY(back.prompted == DecoderPrompt::Query && back.sampled);
        QCOMPARE(back.observationNoise, 1e-6f);
        QCOMPARE(back.weightLogVariance, -0.1f);
        QCOMPARE(toJson(runRecordFromJson(json)), json);
        QVERIFY(captionOf(record).find("exact inverses, observation noise 1e-06, sampled weights of log variance -0.1), answers prompted with the query. ")
            != std::string::npos);
        for (const auto& [from, to] : { std::pair("\"prompted\": \"query\"", "\"prompted\": \"riddle\""), std::pair("\"observation_noise\": 1e-06", "\"observation_noise\": -1"),
                 std::pair("\"weight_log_variance\": -0.1", "\"weight_log_variance\": 1e9") }) {
            std::string bad = json;
            QVERIFY(bad.find(from) != std::string::npos);
            bad.replace(bad.find(from), std::string(from).size(), to);
            QVERIFY_EXCEPTION_THROWN(runRecordFromJson(bad), Error);
        }
    }

    void absenceIsReadBack()
    {
        RunRecord record = makeRecord();
        for (const char* key : { "absent", "upheld", "answered" })
            QVERIFY2(toJson(record).find(key) == std::string::npos, key); // records without it are what they were
        QVERIFY(!runRecordFromJson(toJson(record)).result.controls.answered);
        record.result.controls.answered = 2;
        for (Cell& cell : record.result.cells)
            cell.upheld = std::min(1, cell.hits);
        record.result.cells[0].samples[0].absent = true;
        record.result.cells[0].samples[1].upheld = true;
        const std::string json = toJson(record);
        const RunRecord back = runRecordFromJson(json);
        QCOMPARE(back.result.controls.answered, std::optional<int>(2));
        QCOMPARE(back.result.cells[4].upheld, record.result.cells[4].upheld);
        QVERIFY(back.result.cells[0].samples[0].absent && !back.result.cells[0].samples[0].upheld);
        QVERIFY(back.result.cells[0].samples[1].upheld && !back.result.cells[0].samples[1].absent);
        QCOMPARE(toJson(back), json);
        QVERIFY(refusal(replaced(json, "\"answered\": 2", "\"answered\": 6")).find("'controls.answered'") != std::string::npos);
    }

    void baselinesAreReadBack()
    {
        RunRecord record = makeRecord();
        for (const char* key : { "found_first", "baselines_s" })
            QVERIFY2(toJson(record).find(key) == std::string::npos, key); // records without them are what they were
        QVERIFY(!runRecordFromJson(toJson(record)).plan.baselines);
        record.plan.baselines = true;
        record.result.timing.baselineSeconds = 0.75;
        for (Cell& cell : record.result.cells)
            cell.foundFirst = FoundCounts { 3, 1, 2 };
        const std::string json = toJson(record);
        const RunRecord back = runRecordFromJson(json);
        QVERIFY(back.plan.baselines);
        QCOMPARE(back.result.timing.baselineSeconds, 0.75);
        QVERIFY(back.result.cells[4].foundFirst.has_value());
        QCOMPARE(back.result.cells[4].foundFirst->content, 3);
        QCOMPARE(back.result.cells[4].foundFirst->floor, 1);
        QCOMPARE(back.result.cells[4].foundFirst->bm25, 2);
        QCOMPARE(toJson(back), json);
        QVERIFY(refusal(replaced(json, "\"floor\": 1", "\"floor\": 4")).find("'cells[0].found_first.floor'") != std::string::npos);
        QVERIFY(refusal(replaced(json, "\"bm25\": 2", "\"bm\": 2")).find("'cells[0].found_first.bm25'") != std::string::npos);
    }

    void keysAreThoseOfTheDesign()
    {
        const std::string json = toJson(makeRecord());
        std::size_t at = 0; // in this order
        for (const char* key : { "\"schema\": \"hayloft.run/1\"", "\"created\"", "\"hayloft_version\"", "\"seed\"",
                 "\"machine\"", "\"cpu\"", "\"isa\"", "\"blas\"", "\"blas_core\"", "\"threads\"", "\"libtorch\"",
                 "\"device\"", "\"model\"", "\"name\"", "\"sha256\"", "\"parameters\"", "\"latent_size\"", "\"max_tokens\"",
                 "\"task\"", "\"kind\"", "\"needle\"", "\"prefix\"", "\"question\"", "\"digits\"", "\"placement\"",
                 "\"haystack\"", "\"source\"", "\"tokens\"", "\"repeats\"", "\"segmenter\"", "\"addressing\"",
                 "\"mode\": \"nearest\"", "\"keys\": \"whole\"", "\"prefix_tokens\"", "\"key_memory\": \"fixed\"", "\"rows\"",
                 "\"controls\"", "\"false_answers\"", "\"cells\"", "\"length_tokens\"", "\"length_achieved\"",
                 "\"depth_percent\"", "\"depth_achieved\"", "\"hits\"", "\"recall\"", "\"ci95\"", "\"rouge_l\"",
                 "\"samples\"", "\"haystack_offset\"", "\"expected\"", "\"answer\"", "\"correct\"", "\"write_row\"",
                 "\"read_row\"", "\"row_segments\"", "\"key_distance\"", "\"timing\"", "\"encode_s\"", "\"write_s\"",
                 "\"read_s\"", "\"decode_s\"", "\"total_s\"", "\"tokens_encoded\"", "\"tokens_per_s\"",
                 "\"path\": \"naive\"" }) {
            const auto found = json.find(key, at);
            QVERIFY2(found != std::string::npos, key);
            at = found;
        }
    }

    void passkeyTextsAreShown()
    {
        const std::string json = toJson(makeRecord());
        QVERIFY(json.find("The pass key is {K}. Remember it. {K} is the pass key.") != std::string::npos);
    }

    void wrongTextIsRefusedByKey_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("key");
        const auto row = [](const char* name, const char* from, const char* to, const char* key) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(key);
        };
        row("schema", "hayloft.run/1", "hayloft.run/2", "'schema'");
        row("missing", "\"false_answers\"", "\"other\"", "'controls.false_answers'");
        row("type", "\"threads\": 2", "\"threads\": \"2\"", "'machine.threads'");
        row("negative", "\"threads\": 2", "\"threads\": -2", "'machine.threads'");
        row("huge", "\"threads\": 2", "\"threads\": 1e300", "'machine.threads'");
        row("wraps", "\"threads\": 2", "\"threads\": 18446744073709551615", "'machine.threads'");
        row("fraction", "\"threads\": 2", "\"threads\": 2.5", "'machine.threads'");
        row("word", "\"keys\": \"whole\"", "\"keys\": \"hole\"", "'addressing.keys'");
        row("mode", "\"mode\": \"nearest\"", "\"mode\": \"psychic\"", "'addressing.mode'");
        row("hits", "\"hits\": 2", "\"hits\": 4", "'cells[0].hits'");
        row("depth", "\"depth_percent\": 33.3", "\"depth_percent\": 133.3", "'cells[1].depth_percent'");
        row("seed", "\"seed\": 18446744073709551615", "\"seed\": -1", "'seed'");
        row("null", "\"task\": {", "\"task\": null, \"t\": {", "'task'");
        row("list", "\"samples\": [", "\"samples\": 3, \"s\": [", "'cells[0].samples'");
        row("share", "\"mode\": \"nearest\"", "\"mode\": \"nearest\", \"reading\": {\"share\": 2, \"most_rows\": 1, \"follow\": 1}", "'addressing.reading.share'");
        row("read rows", "\"failure\": \"row shared\"", "\"failure\": \"row shared\", \"read_rows\": [\"x\"]", "'cells[0].samples[0].read_rows[0]'");
        row("failure", "\"failure\": \"row shared\"", "\"failure\": \"bad luck\"", "'cells[0].samples[0].failure'");
    }

    void wrongTextIsRefusedByKey()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, key);
        const std::string message = refusal(replaced(toJson(makeRecord()), from.toStdString(), to.toStdString()));
        QVERIFY2(message.find(key.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.find("here.json") != std::string::npos, message.c_str());
        QCOMPARE(message.find('\n'), std::string::npos);
    }

    void noiseIsRefusedWithoutCrashing()
    {
        QVERIFY(!refusal("").empty());
        QVERIFY(!refusal("[]").empty());
        QVERIFY(!refusal("null").empty());
        QVERIFY(!refusal(std::string("\0\1\2\xFF", 4)).empty());
        QVERIFY(!refusal(std::string(200000, '[')).empty());
        QVERIFY(!refusal(std::string(200000, '[') + std::string(200000, ']')).empty());
        // Any cut, and any one byte changed, is refused or read; never anything else.
        const std::string json = toJson(makeRecord());
        for (std::size_t cut = 0; cut + 2 < json.size(); cut += 61)
            QVERIFY(!refusal(json.substr(0, cut)).empty());
        Random random(3);
        for (int i = 0; i < 3000; ++i) {
            std::string changed = json;
            changed[random.below(changed.size())] = static_cast<char>(random.below(256));
            try {
                const RunRecord record = runRecordFromJson(changed);
                toCsv(record);
                captionOf(record);
            } catch (const Error&) {
            }
        }
    }

    void recordWithoutPlanIsReplayable()
    {
        // Only what the design names: the grid comes from the cells.
        const RunRecord back = runRecordFromJson(replaced(toJson(makeRecord()), "\"plan\"", "\"other\""));
        QCOMPARE(back.plan.lengths, (std::vector<std::int64_t> { 1000, 2000 }));
        QCOMPARE(back.plan.depths, (std::vector<double> { 0, 33.3, 100 }));
        QCOMPARE(back.plan.trials, 3);
        QCOMPARE(back.plan.controls, 5);
    }

    void unwritableValuesDoNotSpoilTheRecord()
    {
        RunRecord record = makeRecord();
        record.result.cells[0].samples[0].answer = "cut \xEC\x97";
        record.result.cells[0].samples[0].keyDistance = std::numeric_limits<float>::infinity();
        record.result.timing.tokensPerSecond = std::nan("");
        const RunRecord back = runRecordFromJson(toJson(record));
        QCOMPARE(back.result.cells[0].samples[0].answer, std::string("cut \xEF\xBF\xBD"));
        QCOMPARE(back.result.cells[0].samples[0].keyDistance, 0.0f);
        QCOMPARE(back.result.timing.tokensPerSecond, 0.0);
    }

    void filesAreSavedAndLoaded()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("run.json").toStdString();
        saveRunRecord(makeRecord(), file);
        QCOMPARE(toJson(loadRunRecord(file)), toJson(makeRecord()));
        QVERIFY_EXCEPTION_THROWN(saveRunRecord(makeRecord(), file / "under" / "a file"), Error);
        QVERIFY_EXCEPTION_THROWN(loadRunRecord(folder.filePath("none.json").toStdString()), Error);
    }
};

QTEST_GUILESS_MAIN(TestRunRecord)
#include "tst_runrecord.moc"
