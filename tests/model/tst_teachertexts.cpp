// SPDX-License-Identifier: GPL-3.0-or-later
// A teacher's file: what is read, and what is refused.
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/model/SafeTensors.h"
#include "core/model/TeacherTexts.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

using namespace hayloft;

class TestTeacherTexts : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;

    std::filesystem::path file() const { return m_directory.filePath(QStringLiteral("teacher.safetensors")).toStdString(); }

    static StoredTensor bytes(const std::string& text) { return { TensorType::UInt8, { static_cast<std::int64_t>(text.size()) }, text }; }

    static NamedTensors tensors(const std::vector<float>& vectors, Shape shape, const std::string& texts = "a lamp\nlamp\nthe old keeper")
    {
        return { { "teacher", bytes("an encoder") }, { "texts", bytes(texts) }, { "vectors", StoredTensor::halves(vectors, std::move(shape)) } };
    }

    QString refusal(const NamedTensors& tensors) const
    {
        saveSafeTensors(tensors, file());
        try {
            loadTeacherTexts(file());
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
        return {};
    }

private Q_SLOTS:
    void readsTextsAndTheirDirections()
    {
        saveSafeTensors(tensors({ 3, 4, 0, 2, -1, 0 }, { 3, 2 }), file());
        const TeacherTexts read = loadTeacherTexts(file());
        QCOMPARE(read.teacher, std::string("an encoder"));
        QCOMPARE(read.texts, std::vector<std::string>({ "a lamp", "lamp", "the old keeper" }));
        Matrix wanted(3, 2);
        wanted << 0.6f, 0.8f, 0, 1, -1, 0;
        QVERIFY((read.vectors - wanted).cwiseAbs().maxCoeff() < 1e-6f);
    }

    void refusesWhatIsNoTeacher()
    {
        QVERIFY(refusal(tensors({ 3, 4, 0, 2 }, { 2, 2 })).contains("3 texts and 2 vectors"));
        QVERIFY(refusal(tensors({ 3, 4, 0, 0, 1, 1 }, { 3, 2 })).contains("vector 1"));
        QVERIFY(refusal(tensors({ 3, std::numeric_limits<float>::infinity(), 0, 2, 1, 1 }, { 3, 2 })).contains("vector 0"));
        QVERIFY(refusal(tensors({ 3, 4, 0, 2, 1, 1 }, { 6 })).contains("no matrix"));
        auto foreign = tensors({ 3, 4, 0, 2, 1, 1 }, { 3, 2 });
        foreign["teacher"] = bytes("\xFF\xFE");
        QVERIFY(refusal(foreign).contains("teacher tensor is not UTF-8"));
        auto lacking = tensors({ 3, 4, 0, 2, 1, 1 }, { 3, 2 });
        lacking.erase("texts");
        QVERIFY(refusal(lacking).contains("texts"));
        writeFileAtomically(file(), "not a file of tensors");
        QVERIFY_EXCEPTION_THROWN(loadTeacherTexts(file()), Error);
        QVERIFY_EXCEPTION_THROWN(loadTeacherTexts(file().string() + ".none"), Error);
    }
};

QTEST_GUILESS_MAIN(TestTeacherTexts)
#include "tst_teachertexts.moc"
