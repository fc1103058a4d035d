// SPDX-License-Identifier: GPL-3.0-or-later
// A whole workbench with the toy model, in folders of its own, driven as a user would.
#pragma once

#include "app/workbench/WindowCommands.h"
#include "app/workbench/WorkbenchController.h"
#include "tests/support/ToyModel.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <thread>

namespace hayloft {

/// The toy model, with a wait in every call while `slow` is set: jobs that last. It may have a learned prior.
class SlowModel : public ToyModel {
public:
    explicit SlowModel(std::shared_ptr<std::atomic<int>> milliseconds, Matrix prior = {})
        : m_milliseconds(std::move(milliseconds)), m_prior(std::move(prior)) {}
    const Matrix* prior() const override { return m_prior.size() > 0 ? &m_prior : nullptr; }
    Matrix encode(const std::vector<TokenIds>& sequences, const Task& task = {}) const override
    {
        wait();
        return ToyModel::encode(sequences, task);
    }
    std::vector<Decoded> decode(const Matrix& latents, const Task& task = {}) const override
    {
        wait();
        return ToyModel::decode(latents, task);
    }

private:
    void wait() const { std::this_thread::sleep_for(std::chrono::milliseconds(*m_milliseconds)); }
    std::shared_ptr<std::atomic<int>> m_milliseconds;
    Matrix m_prior;
};

struct WorkbenchBench {
    QTemporaryDir folder;
    std::shared_ptr<std::atomic<int>> slowness = std::make_shared<std::atomic<int>>(0);
    Matrix prior; ///< of the model; none = it has none
    std::unique_ptr<WorkbenchController> controller;
    std::unique_ptr<WindowCommands> commands;

    explicit WorkbenchBench(Matrix modelPrior = {}) : prior(std::move(modelPrior)) { make(); }
    ~WorkbenchBench() { close(); }

    void make()
    {
        WorkbenchConfig config;
        config.openModel = [slowness = slowness, prior = prior](const std::filesystem::path&) { return std::make_unique<SlowModel>(slowness, prior); };
        config.runsFolder = folder.filePath(QStringLiteral("runs"));
        config.settingsFile = folder.filePath(QStringLiteral("settings.ini"));
        controller = std::make_unique<WorkbenchController>(config);
        commands = std::make_unique<WindowCommands>(*controller);
        controller->window().resize(1280, 800);
        controller->window().show();
        // Shortcuts go to the active window only.
        if (!QTest::qWaitForWindowActive(&controller->window()))
            qWarning("the window did not become active");
    }
    void close()
    {
        commands.reset();
        controller.reset();
    }

    MainWindow& window() { return controller->window(); }

    /// The visible control with this accessible name.
    template <typename T>
    T* find(const QString& accessibleName)
    {
        for (T* widget : window().findChildren<T*>()) {
            if (widget->accessibleName() == accessibleName)
                return widget;
        }
        qWarning("no control named \"%s\"", qPrintable(accessibleName));
        return nullptr;
    }
    void click(const QString& accessibleName)
    {
        auto* button = find<QAbstractButton>(accessibleName);
        QVERIFY2(button, qPrintable(accessibleName));
        QTRY_VERIFY2(button->isEnabled(), qPrintable(accessibleName));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void trigger(Command command) { window().action(command)->trigger(); }
    QString label(const QString& accessibleName)
    {
        auto* found = find<QLabel>(accessibleName);
        return found ? found->text() : QString();
    }

    /// The text of the control that shows the answer, whatever kind of text widget it is.
    QString answerText()
    {
        const auto* answer = find<QWidget>(QStringLiteral("Answer"));
        const QString plain = answer ? answer->property("plainText").toString() : QString();
        return plain.isEmpty() && answer ? answer->property("text").toString() : plain;
    }

    QString writeFile(const QString& name, const QByteArray& bytes)
    {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write a test file");
        return file.fileName();
    }
    /// Numbered sentences, no two alike.
    static QByteArray story(int sentences)
    {
        QByteArray text;
        for (int i = 0; i < sentences; ++i)
            text += "Keeper number " + QByteArray::number(i) + " walked " + QByteArray::number(i * 7 + 3)
                + " miles along the quay and counted the boats. " + (i % 8 == 7 ? "\n\n" : "");
        return text;
    }
    /// Opens a document of so many sentences with the San Francisco needle, and waits until it is written.
    void openStory(int sentences = 60)
    {
        QSignalSpy written(&controller->document(), &DocumentSession::written);
        controller->start({{writeFile(QStringLiteral("story.txt"), story(sentences))}, needleState(sanFranciscoNeedle(), 50)});
        QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, 60000);
    }
    void askAndWait()
    {
        QSignalSpy answered(&controller->document(), &DocumentSession::answered);
        click(QStringLiteral("Ask"));
        QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
    }
    /// A small sweep over the story.
    SweepPlan smallPlan()
    {
        SweepPlan plan = window().recallPanel().plan();
        plan.task = {};
        plan.task.digits = 4;
        plan.lengths = {300, 600};
        plan.depths = {0, 50, 100};
        plan.trials = 3;
        return plan;
    }
};

} // namespace hayloft
