// SPDX-License-Identifier: GPL-3.0-or-later
// Owns the window, the compute thread and the sessions, and wires them: intents go down, data comes up.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "app/workbench/DocumentSession.h"
#include "app/workbench/MainWindow.h"
#include "app/workbench/NeedleFiles.h"
#include "app/workbench/RunExports.h"
#include "app/workbench/SettingsStore.h"
#include "app/workbench/SweepSession.h"

#include <QObject>
#include <QUndoStack>

namespace hayloft {

/// What differs between the program and its tests.
struct WorkbenchConfig {
    ModelFactory openModel;
    QString runsFolder;
    QString settingsFile;   ///< INI file; empty = the platform's place
    QString modelDirectory; ///< overrides the remembered one
};

/// What to open first.
struct StartRequest {
    QStringList paths;      ///< documents, a folder, or a run record; none = the sample haystack
    std::optional<NeedleState> needle;
    QString question {};    ///< to ask with content keys; empty = the needle's prefix or question, with the remembered keys
    bool plantDefault = true; ///< plant the remembered needle when `needle` is empty
};

class WorkbenchController : public QObject {
    Q_OBJECT
public:
    explicit WorkbenchController(const WorkbenchConfig& config, QObject* parent = nullptr);
    ~WorkbenchController() override;

    MainWindow& window() { return *m_window; }
    DocumentSession& document() { return *m_document; }
    SweepSession& sweep() { return *m_sweep; }
    const NeedleFiles& needleFiles() const { return *m_needleFiles; }
    QUndoStack& undoStack() { return m_undo; }
    Settings& settings() { return m_settings; }

    /// Opens the model, then the documents.
    void start(const StartRequest& request);
    static bool areRecords(const QStringList& paths); ///< true for none
    void openPaths(const QStringList& paths);
    void openSamples();
    void openText(const QString& text, const QString& name);
    void openModel(const QString& directory);
    /// Plants, moves or removes the needle as an undoable step.
    void changeNeedle(const std::optional<NeedleState>& needle);
    /// Moves the wanted needle (or plants the remembered one) at a depth in percent.
    void plantAt(double depthPercent);
    void ask();
    /// Runs the recall panel's plan, or cancels a running sweep.
    void runOrCancelSweep();
    void setTheme(ThemeChoice theme);
    /// The needle that planting starts from: the planted one, else the remembered one.
    NeedleState currentNeedle() const;
    /// Versions, processor, BLAS and model, for About.
    QString diagnostics() const;
    void saveSettings();
    /// Stops all work; false when a computation did not end within 2 s.
    bool shutDown();

Q_SIGNALS:
    void themeChanged();

private:
    void connectDocument();
    void connectMemory();
    void connectQuery();
    void connectRecall();
    void connectDocumentSession();
    void connectWriting();
    void connectAnswers();
    void connectSweepSession();
    void connectLoads();
    void applySettings(const WorkbenchConfig& config);
    void listModels();
    void showSnapshot(const Snapshot& snapshot);
    void showNeedle(const Snapshot& snapshot);
    void showRows(const RowsUpdate& rows);
    void selectSegment(qint64 segment);
    void selectRow(qint64 row);
    void lookAt(const RowExperiment& experiment);
    void loadTrial(const TrialRequest& trial);
    void showError(const QString& message);
    void describeMachineInBackground();

    SettingsStore m_store;
    Settings m_settings;
    QString m_modelDirectory;
    std::shared_ptr<Workspace> m_workspace;
    std::unique_ptr<ComputeWorker> m_worker;
    std::unique_ptr<MainWindow> m_window;
    DocumentSession* m_document = nullptr;
    SweepSession* m_sweep = nullptr;
    NeedleFiles* m_needleFiles = nullptr;
    RunExports* m_exports = nullptr;
    QUndoStack m_undo;
    StartRequest m_start;
    std::vector<qint64> m_segmentRows;
    std::shared_ptr<const std::string> m_shownText;
    RowDetail m_rowDetail;
    bool m_askAfterWriting = false; ///< a trial is being loaded: show its answer too
    MachineInfo m_machine;
    QString m_blasAdvice;
};

} // namespace hayloft
