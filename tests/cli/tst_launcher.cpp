// SPDX-License-Identifier: GPL-3.0-or-later
// The launcher and the built programs as a user starts them.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

namespace {

struct Outcome {
    int code = -1;
    QString out, err;
};

Outcome start(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(120000))
        return {};
    return { process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError()) };
}

// An environment in which nothing was chosen yet (this test itself runs behind the launcher).
QProcessEnvironment bare()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : { "OPENBLAS_CORETYPE", "OMP_WAIT_POLICY", "QT_PLUGIN_PATH", "HAYLOFT_LAUNCHED_PID" })
        environment.remove(name);
    return environment;
}

bool cpuHas(const QByteArray& flag)
{
    QFile info("/proc/cpuinfo");
    return info.open(QIODevice::ReadOnly) && info.readAll().replace('\n', ' ').contains(" " + flag + " ");
}

} // namespace

class TestLauncher : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choosesKernelAndWaiting()
    {
        const Outcome outcome = start(m_launcher, { "env" }, bare());
        QCOMPARE(outcome.code, 0);
        const QStringList lines = outcome.out.split('\n');
        QVERIFY(lines.contains("OMP_WAIT_POLICY=PASSIVE"));
        const QStringList cores = lines.filter(QRegularExpression("^OPENBLAS_CORETYPE="));
        if (!cpuHas("avx2") || !cpuHas("fma"))
            QVERIFY(cores.isEmpty());
        else if (cpuHas("avx512vl") && !cpuHas("sse4a")) // sse4a: AMD
            QCOMPARE(cores, QStringList { "OPENBLAS_CORETYPE=SKYLAKEX" });
        else
            QCOMPARE(cores, QStringList { cpuHas("sse4a") ? "OPENBLAS_CORETYPE=ZEN" : "OPENBLAS_CORETYPE=HASWELL" });
    }

    void leavesTheUsersChoice()
    {
        QProcessEnvironment environment = bare();
        environment.insert("OPENBLAS_CORETYPE", "NEHALEM");
        environment.insert("OMP_WAIT_POLICY", "ACTIVE");
        const QStringList lines = start(m_launcher, { "env" }, environment).out.split('\n');
        QVERIFY(lines.contains("OPENBLAS_CORETYPE=NEHALEM"));
        QVERIFY(lines.contains("OMP_WAIT_POLICY=ACTIVE"));
    }

    void dropsInheritedPluginPath()
    {
        QProcessEnvironment environment = bare();
        environment.insert("QT_PLUGIN_PATH", "/qt5/plugins");
        QVERIFY(!start(m_launcher, { "env" }, environment).out.contains("QT_PLUGIN_PATH"));
    }

    void neverStartsItself()
    {
        const Outcome outcome = start(m_launcher, { m_launcher, "env" }, bare());
        QCOMPARE(outcome.code, 127);
        QVERIFY(outcome.err.contains("itself"));
        // A child of a launched program is launched like any other.
        QCOMPARE(start(m_launcher, { "sh", "-c", "\"$0\" env >/dev/null", m_launcher }, bare()).code, 0);
    }

    void saysWhatIsMissing()
    {
        QCOMPARE(start(m_launcher, {}, bare()).code, 127);
        const Outcome outcome = start(m_launcher, { "no-such-program" }, bare());
        QCOMPARE(outcome.code, 127);
        QVERIFY(outcome.err.contains("no-such-program") && outcome.err.count('\n') == 1);
        const QTemporaryDir folder;
        const QString alone = folder.filePath("hayloft-cli");
        QVERIFY(QFile::copy(m_launcher, alone));
        const Outcome lost = start(alone, { "info" }, bare());
        QCOMPARE(lost.code, 127);
        QVERIFY(lost.err.contains("libexec/hayloft/hayloft-cli") && lost.err.count('\n') == 1);
    }

    void linksLibcOnly()
    {
        const Outcome outcome = start("ldd", { m_launcher }, bare());
        if (outcome.code != 0)
            QSKIP("there is no ldd here");
        for (const QString& line : outcome.out.split('\n', Qt::SkipEmptyParts))
            QVERIFY2(line.contains("libc.so") || line.contains("ld-linux") || line.contains("linux-vdso"), qPrintable(line));
    }

    void programsStartThroughIt()
    {
        const QString cli = QStringLiteral(HAYLOFT_BINARY_DIR "/bin/hayloft-cli");
        const Outcome version = start(cli, { "--version" }, bare());
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith("hayloft-cli "));
        QCOMPARE(start(cli, { "sweep" }, bare()).code, 2);
        const Outcome info = start(cli, { "info", "--quick" }, bare());
        QCOMPARE(info.code, 0);
        if (info.out.contains("OpenBLAS"))
            QVERIFY2(!info.out.contains("kernel Prescott") || !cpuHas("avx2"), qPrintable(info.out));
        // A full disk must not look like success.
        QCOMPARE(start("sh", { "-c", "\"$0\" info --quick >/dev/full", cli }, bare()).code, 1);
    }

    void answersWithTheBundledModel()
    {
        const QString cli = QStringLiteral(HAYLOFT_BINARY_DIR "/bin/hayloft-cli");
        const QString story = QStringLiteral(HAYLOFT_SOURCE_DIR "/sample-haystacks/01-the-tide-gauge.txt");
        const Outcome outcome = start(cli, { "query", "--document", story, "--plant", "The vault code is blue heron.", "--depth", "50",
            "--prefix", "The vault code is" }, bare());
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.out.startsWith("answer    The vault code is blue heron.\n"), qPrintable(outcome.out));
        QVERIFY2(outcome.out.contains(": read\n"), qPrintable(outcome.out));
    }

    // The libraries' own threads would let the signal end the program at once.
    void interruptIsACancellation()
    {
        const QTemporaryDir folder;
        QFile questions(folder.filePath("q.jsonl"));
        QVERIFY(questions.open(QIODevice::WriteOnly));
        QByteArray context;
        for (int i = 0; i < 40000; ++i)
            context += "Note " + QByteArray::number(i) + " was filed in drawer " + QByteArray::number(7 * i) + ". ";
        questions.write("{\"context\": \"" + context + "\", \"question\": \"Which drawer?\", \"answers\": \"7\"}\n");
        questions.close();
        QProcess process;
        process.setProcessEnvironment(bare());
        process.start(QStringLiteral(HAYLOFT_BINARY_DIR "/bin/hayloft-cli"), { "query", "--questions", questions.fileName(), "--out", folder.filePath("a.jsonl") });
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder.path()).entryList({ "a.jsonl.part*" }).isEmpty(), 60000); // it has begun
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(process.readAllStandardError(), QByteArray("hayloft-cli: cancelled\n"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList { "q.jsonl" });
    }

private:
    const QString m_launcher = QStringLiteral(HAYLOFT_BINARY_DIR "/bin/hayloft-launch");
};

QTEST_GUILESS_MAIN(TestLauncher)
#include "tst_launcher.moc"
