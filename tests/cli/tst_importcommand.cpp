// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli import-checkpoint: its report, its errors and its end.
#include "tests/cli/CliBench.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestImportCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theReportIsPrinted()
    {
        const Outcome outcome = run({ "import-checkpoint", fixture("tiny.ckpt"), "--out", out(), "--dtype", "float16", "--list" });
        QVERIFY2(outcome.code == 0 && outcome.err.empty(), outcome.err.c_str());
        for (const char* part : { "read      tiny.ckpt (76 tensors)", "encoder   2 layers, d 8", "memory    4 x 5", "left out  optimizer_states: the trainer's own state",
                                  "transposed", "q, k, v stacked", "first 5 of 10 rows", "written   62 tensors, 2,416 parameters, F16" })
            QVERIFY2(has(outcome.out, part), part);
        QVERIFY(QDir(QString::fromStdString(out())).exists("model.safetensors"));
    }

    void checkWritesNothing()
    {
        const Outcome outcome = run({ "import-checkpoint", fixture("tiny.ckpt"), "--out", out(), "--check" });
        QCOMPARE(outcome.code, 0);
        QVERIFY(!QDir(QString::fromStdString(out())).exists());
    }

    void pairsAreImported()
    {
        const Outcome outcome = run({ "import-checkpoint", "--encoder", fixture("bert-tiny"), "--decoder", fixture("gpt2-tiny"), "--out", out(), "--latent", "16", "--seed", "3" });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY(has(outcome.out, "note      untrained:") && has(outcome.out, "(seed 3)"));
        QVERIFY(has(outcome.out, "left out  cls.predictions.bias: BERT's heads for its own training"));
    }

    void errorsAreOneLine()
    {
        const std::vector<std::vector<std::string>> kCalls { { "import-checkpoint", "/nowhere/x.ckpt", "--out", out() },
                                                             { "import-checkpoint", "--out", out() },
                                                             { "import-checkpoint", fixture("hostile/evil-entry.ckpt"), "--out", out() },
                                                             { "import-checkpoint", fixture("tiny.ckpt"), "--out", out(), "--dtype", "int8" },
                                                             { "import-checkpoint", fixture("tiny.ckpt"), "--out", out(), "--answer-tokens", "-1" },
                                                             { "import-checkpoint", fixture("tiny.ckpt") },
                                                             { "import-checkpoint", fixture("tiny.ckpt"), "--out", "/nowhere/x" } };
        for (const auto& call : kCalls) {
            const Outcome outcome = run(call);
            QVERIFY2(outcome.code != 0 && isOneLine(outcome.err), outcome.err.c_str());
        }
    }

    void cancellingLeavesNothing()
    {
        std::stop_source source;
        source.request_stop();
        const Outcome outcome = run({ "import-checkpoint", fixture("tiny.ckpt"), "--out", out() }, source.get_token());
        QCOMPARE(outcome.code, kExitCancelled);
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

private:
    static std::string fixture(const std::string& name) { return std::string(HAYLOFT_SOURCE_DIR) + "/tests/fixtures/checkpoints/" + name; }
    std::string out() const { return m_folder->filePath("out").toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestImportCommand)
#include "tst_importcommand.moc"
