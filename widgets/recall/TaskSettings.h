// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep plants: passkey, the San Francisco needle, needles of a file, one's own, or RULER's.
#pragma once

#include "core/recall/RecallTask.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace hayloft {

/// Where the task hides its needles: "the open document", or what it makes itself.
QString haystackText(const RecallTask& task);

class TaskSettings : public QWidget {
    Q_OBJECT
public:
    explicit TaskSettings(QWidget* parent = nullptr);
    ~TaskSettings() override;
    /// @throws Error when the needle has no text or no file was read.
    void check() const;
    RecallTask task() const; ///< @throws Error as check() does
    void setTask(const RecallTask& task); ///< emits nothing
    Placement placement() const;
    bool isRuler() const { return preset() == Ruler; }
    /// Whether the task hides its needles in a haystack of its own.
    bool makesItsHaystack() const;
    /// Has a needle file read; it comes by setNeedleFile, or what is wrong with it is shown beside the name.
    void openNeedleFile(const QString& path);
    void setNeedleFile(const QString& path, const std::vector<Needle>& needles);
    void setNeedleFileProblem(const QString& path, const QString& message);

Q_SIGNALS:
    void changed(); ///< by the user, or because the file is read
    void needleFileRequested(const QString& path);

private:
    enum Preset { Passkey, SanFrancisco, NeedleFile, OwnNeedle, Ruler };
    void createControls();
    void fillPresets();
    void createNeedleFields();
    void layOutControls();
    void connectControls();
    void browse();
    Preset preset() const;
    RulerTask ruler() const;
    void showPreset();

    std::vector<Needle> m_fileNeedles;
    QComboBox* m_preset;
    QStackedWidget* m_pages;
    QSpinBox* m_digits;
    QLabel* m_sanFrancisco;
    QLabel* m_ruler;
    QLineEdit* m_file;
    QToolButton* m_browse;
    QLabel* m_fileNote;
    QLineEdit* m_text;
    QLineEdit* m_prefix;
    QLineEdit* m_question;
    QComboBox* m_placement;
    QLabel* m_haystack;
};

} // namespace hayloft
