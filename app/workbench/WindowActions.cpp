// SPDX-License-Identifier: GPL-3.0-or-later
// The table of commands.
#include "app/workbench/WindowActions.h"

#include "app/workbench/Icons.h"

#include <QKeySequence>
#include <QWidget>

namespace hayloft {

namespace {

struct Entry {
    Command command;
    const char* group;
    const char* text;   ///< menu text with its mnemonic
    const char* keys;   ///< portable text, may be empty
    const char* icon;   ///< may be empty
    const char* help;   ///< tooltip and status tip
    bool checkable = false;
};

#define HL(text) QT_TRANSLATE_NOOP("hayloft::WindowActions", text)

const Entry kEntries[] = {
    {Command::Open, HL("File"), HL("&Open…"), "Ctrl+O", "open", HL("Open a document (.txt, .md, .html, .pdf) or a run record (.json)")},
    {Command::OpenFolder, HL("File"), HL("Open &folder…"), "Ctrl+Shift+O", "folder", HL("Open all documents of a folder as one haystack")},
    {Command::OpenRecord, HL("File"), HL("Open &run record…"), "Ctrl+Alt+O", "run", HL("Open the heatmap of a saved run, or the curves of saved load records")},
    {Command::OpenSamples, HL("File"), HL("Open the &sample haystack"), "Ctrl+Shift+S", "", HL("Open the essays and stories that come with Hayloft")},
    {Command::Paste, HL("File"), HL("&Paste as document"), "Ctrl+Shift+V", "paste", HL("Take the clipboard's text as the document")},
    {Command::ClearRecent, HL("File"), HL("&Clear recent files"), "", "", HL("Forget the recent files")},
    {Command::Quit, HL("File"), HL("&Quit"), "Ctrl+Q", "quit", HL("Stop all work and close the window")},
    {Command::Undo, HL("Edit"), HL("&Undo"), "Ctrl+Z", "undo", HL("Undo the last planting, moving or removing of the needle")},
    {Command::Redo, HL("Edit"), HL("&Redo"), "Ctrl+Shift+Z", "redo", HL("Redo what was undone")},
    {Command::EditNeedle, HL("Edit"), HL("&Needle…"), "Ctrl+N", "needle", HL("Choose the needle's text, prefix, question and depth")},
    {Command::NeedleSanFrancisco, HL("Edit"), HL("Plant “&San Francisco”"), "Ctrl+1", "", HL("Plant the sentence about the best thing to do in San Francisco")},
    {Command::NeedlePasskey, HL("Edit"), HL("Plant a &passkey"), "Ctrl+2", "", HL("Plant a passkey with a new random value")},
    {Command::NeedleOther, HL("Edit"), HL("Plant &another needle"), "Ctrl+3", "", HL("Plant the next needle of the file that comes with Hayloft")},
    {Command::RemoveNeedle, HL("Edit"), HL("Re&move the needle"), "Ctrl+Backspace", "remove", HL("Take the needle out of the document and the memory")},
    {Command::NeedleUp, HL("Edit"), HL("Move the needle u&p"), "Alt+Up", "", HL("Move the needle up by 5 percent of the haystack")},
    {Command::NeedleDown, HL("Edit"), HL("Move the needle &down"), "Alt+Down", "", HL("Move the needle down by 5 percent of the haystack")},
    {Command::ThemeSystem, HL("View"), HL("&System theme"), "", "", HL("Light or dark as the desktop is"), true},
    {Command::ThemeLight, HL("View"), HL("&Light theme"), "", "", HL("Dark text on a light ground"), true},
    {Command::ThemeDark, HL("View"), HL("&Dark theme"), "", "", HL("Light text on a dark ground"), true},
    {Command::ToggleTheme, HL("View"), HL("S&witch light and dark"), "Ctrl+T", "theme", HL("Switch between the light and the dark theme")},
    {Command::ResetLayout, HL("View"), HL("&Reset layout"), "Ctrl+Shift+R", "layout", HL("Put all panels back where they were at first")},
    {Command::ShowDocument, HL("View"), HL("Go to &Document"), "Alt+1", "", HL("Show the document panel and put the keyboard there")},
    {Command::ShowMemory, HL("View"), HL("Go to &Memory"), "Alt+2", "", HL("Show the memory panel and put the keyboard there")},
    {Command::ShowQuery, HL("View"), HL("Go to &Query"), "Alt+3", "", HL("Show the query panel and put the keyboard there")},
    {Command::ShowRecall, HL("View"), HL("Go to &Recall"), "Alt+4", "", HL("Show the recall panel and put the keyboard there")},
    {Command::FullScreen, HL("View"), HL("&Full screen"), "F11", "", HL("Let the window fill the screen"), true},
    {Command::Write, HL("Memory"), HL("&Write"), "Ctrl+W", "write", HL("Encode every segment and write the memory anew")},
    {Command::SlowMotion, HL("Memory"), HL("&Slow motion"), "Ctrl+M", "slow", HL("Write one segment at a time: key, nearest row, how the row changes"), true},
    {Command::SlowStep, HL("Memory"), HL("Slow motion: &next segment"), "Ctrl+.", "step", HL("Write one more segment in slow motion")},
    {Command::CancelWork, HL("Memory"), HL("&Cancel writing"), "Ctrl+Shift+W", "stop", HL("Stop opening or writing and keep what was there before")},
    {Command::MemoryDetails, HL("Memory"), HL("&More memory settings…"), "Ctrl+D", "", HL("The decoder's prompt; for pseudo-inverse: learned rows, inverses, reads and noise")},
    {Command::OpenModel, HL("Memory"), HL("&Open model folder…"), "Ctrl+Alt+M", "model", HL("Use a model folder of your own")},
    {Command::ModelCard, HL("Memory"), HL("Model &card"), "Ctrl+I", "info", HL("How the model was trained and what it can do")},
    {Command::Ask, HL("Recall"), HL("&Ask"), "F5", "ask", HL("Read the memory with the query and decode the answer")},
    {Command::Run, HL("Recall"), HL("&Run sweep"), "Ctrl+R", "run", HL("Measure recall over lengths and depths, or over loads, with the settings of the recall panel")},
    {Command::RunTaskSet, HL("Recall"), HL("Run &task set…"), "Ctrl+Alt+R", "", HL("Run several tasks in a row with the settings of the recall panel")},
    {Command::Pause, HL("Recall"), HL("&Pause sweep"), "Ctrl+Shift+P", "pause", HL("Pause or go on with the sweep"), true},
    {Command::CancelRun, HL("Recall"), HL("&Cancel sweep"), "Ctrl+Shift+C", "stop", HL("Stop the sweep")},
    {Command::SweepDetails, HL("Recall"), HL("&More memory settings of the sweep…"), "Ctrl+Shift+D", "", HL("The same for the recall panel: the decoder's prompt, learned rows, inverses, reads and noise")},
    {Command::SwitchAxis, HL("Recall"), HL("S&witch axis: depth × length, or load"), "Ctrl+L", "", HL("Measure recall over segments per memory row instead of depth and length, or back")},
    {Command::ClearLoads, HL("Recall"), HL("C&lear load curves"), "Ctrl+Shift+L", "", HL("Take all curves out of the chart by load; saved records stay")},
    {Command::SideBySide, HL("Recall"), HL("&Side by side"), "Ctrl+Shift+M", "", HL("Show a heatmap of each run chosen in the history, over shared axes")},
    {Command::ExportTogether, HL("Recall"), HL("&Export all together…"), "Ctrl+Shift+E", "", HL("Save figure (PDF, SVG, PNG), table and run records under one name")},
    {Command::Shortcuts, HL("Help"), HL("&Keyboard shortcuts"), "F1", "keyboard", HL("All shortcuts on one page")},
    {Command::About, HL("Help"), HL("&About Hayloft"), "", "info", HL("Versions, processor, BLAS kernel and model, to copy into a report")},
    {Command::AboutQt, HL("Help"), HL("About &Qt"), "", "", HL("About the toolkit")},
};

#undef HL

} // namespace

WindowActions::WindowActions(QWidget* parent) : QObject(parent)
{
    for (const Entry& entry : kEntries) {
        auto* action = new QAction(tr(entry.text), parent);
        const QString help = tr(entry.help);
        const QKeySequence keys = QKeySequence::fromString(QLatin1String(entry.keys), QKeySequence::PortableText);
        if (!keys.isEmpty())
            action->setShortcut(keys);
        action->setObjectName(QStringLiteral("command.%1").arg(static_cast<int>(entry.command)));
        action->setToolTip(keys.isEmpty() ? help : tr("%1 (%2)").arg(help, keys.toString(QKeySequence::NativeText)));
        action->setStatusTip(help);
        action->setCheckable(entry.checkable);
        if (*entry.icon)
            action->setIcon(themedIcon(QLatin1String(entry.icon)));
        parent->addAction(action);
        m_actions.insert(static_cast<int>(entry.command), action);
        m_order.append({tr(entry.group), static_cast<int>(entry.command)});
    }
}

QString WindowActions::shortcutsHtml() const
{
    QString html = QStringLiteral("<table cellpadding='3' width='100%'>");
    QString heading;
    for (const auto& [group, command] : m_order) {
        const QAction* action = m_actions.value(command);
        if (action->shortcut().isEmpty())
            continue;
        if (group != heading) {
            heading = group;
            html += QStringLiteral("<tr><td colspan='2'><br><b>%1</b></td></tr>").arg(heading.toHtmlEscaped());
        }
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        html += QStringLiteral("<tr><td>%1</td><td align='right'><code>%2</code></td></tr>")
                    .arg(name.toHtmlEscaped(), action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

} // namespace hayloft
