// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the memory and shows the answer with its evidence.
#include "widgets/QueryPanel.h"

#include "widgets/query/AnswerEvidence.h"
#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/MemorySettingsBox.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hayloft {

class QueryPanel::Private {
public:
    QLineEdit* text = nullptr;
    QPushButton* ask = nullptr;
    MemorySettingsBox* memory = nullptr;
    QProgressBar* busyBar = nullptr;
    QStackedWidget* pages = nullptr;
    QLabel* message = nullptr;
    QScrollArea* answerPage = nullptr;
    AnswerEvidence* answer = nullptr;
    QString prefix, question;
    bool busy = false;

    void createControls();
    void layOutControls(QueryPanel* panel);
    QString suggestion(KeyKind keys) const { return keys == KeyKind::Prefix ? prefix : question; }
    void enableAsk() { ask->setEnabled(!busy && !text->text().trimmed().isEmpty()); }
    void followKeys();
    void showMessage(const QString& line);
};

void QueryPanel::Private::createControls()
{
    text = new QLineEdit;
    text->setAccessibleName(QueryPanel::tr("Query"));
    text->setPlaceholderText(QueryPanel::tr("The beginning of the hidden sentence"));
    text->setToolTip(QueryPanel::tr("With prefix keys: the first words of what is looked for. With whole or content keys: a question. Enter asks."));
    text->setClearButtonEnabled(true);
    ask = new QPushButton(QueryPanel::tr("&Ask"));
    ask->setAccessibleName(QueryPanel::tr("Ask"));
    ask->setToolTip(QueryPanel::tr("Read the memory with this query and decode the answer (Enter)"));
    memory = new MemorySettingsBox({}, QStringLiteral("Ctrl+D"));
    busyBar = new QProgressBar;
    busyBar->setRange(0, 0);
    busyBar->setTextVisible(false);
    busyBar->setMaximumHeight(4);
    busyBar->setAccessibleName(QueryPanel::tr("Asking"));
    QSizePolicy keepsItsPlace = busyBar->sizePolicy();
    keepsItsPlace.setRetainSizeWhenHidden(true);
    busyBar->setSizePolicy(keepsItsPlace);
    busyBar->hide();
    message = new QLabel;
    message->setWordWrap(true);
    message->setAlignment(Qt::AlignCenter);
    message->setMargin(16);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    message->setAccessibleName(QueryPanel::tr("Message"));
    answer = new AnswerEvidence;
    answerPage = new QScrollArea;
    answerPage->setWidgetResizable(true);
    answerPage->setFrameShape(QFrame::NoFrame);
    answerPage->setWidget(answer);
    answerPage->setFocusPolicy(Qt::NoFocus);
    pages = new QStackedWidget;
    pages->addWidget(message);
    pages->addWidget(answerPage);
}

void QueryPanel::Private::layOutControls(QueryPanel* panel)
{
    auto* line = new QHBoxLayout;
    line->addWidget(text, 1);
    line->addWidget(ask);
    auto* column = new QVBoxLayout(panel);
    column->addLayout(line);
    column->addWidget(memory);
    column->addWidget(busyBar);
    column->addWidget(pages, 1);
}

/// Another kind of key asks with other words, unless the user typed their own.
void QueryPanel::Private::followKeys()
{
    const KeyKind keys = memory->settings().keys;
    const bool untouched = text->text().isEmpty() || text->text() == prefix || text->text() == question;
    if (untouched && !suggestion(keys).isEmpty())
        text->setText(suggestion(keys));
    text->setPlaceholderText(keys == KeyKind::Prefix  ? QueryPanel::tr("The beginning of the hidden sentence")
                             : keys == KeyKind::Whole ? QueryPanel::tr("A question about the hidden sentence")
                                                      : QueryPanel::tr("A question in your own words"));
}

void QueryPanel::Private::showMessage(const QString& line)
{
    message->setText(line);
    pages->setCurrentWidget(message);
}

QueryPanel::QueryPanel(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    setAccessibleName(tr("Query panel"));
    d->createControls();
    d->layOutControls(this);
    setFocusProxy(d->text);
    connect(d->text, &QLineEdit::textChanged, this, [this] { d->enableAsk(); });
    connect(d->text, &QLineEdit::returnPressed, d->ask, &QPushButton::click);
    connect(d->ask, &QPushButton::clicked, this, [this] { Q_EMIT askRequested(request()); });
    connect(d->memory, &MemorySettingsBox::changed, this, [this] {
        d->followKeys();
        Q_EMIT settingsChanged(settings());
    });
    connect(d->answer, &AnswerEvidence::rowChosen, this, &QueryPanel::rowChosen);
    connect(d->answer, &AnswerEvidence::segmentChosen, this, &QueryPanel::segmentChosen);
    d->enableAsk();
    clearAnswer();
}

QueryPanel::~QueryPanel() { disconnectChildren(this); }

void QueryPanel::setQuery(const QString& text, KeyKind keys)
{
    MemorySettings settings = d->memory->settings();
    settings.keys = keys;
    d->memory->setSettings(settings);
    d->text->setText(text);
}

void QueryPanel::setSuggestions(const QString& prefix, const QString& question)
{
    const QString old = d->suggestion(d->memory->settings().keys);
    const bool untouched = d->text->text().isEmpty() || d->text->text() == old;
    d->prefix = prefix;
    d->question = question;
    if (untouched)
        d->text->setText(d->suggestion(d->memory->settings().keys));
}

void QueryPanel::setSettings(const MemorySettings& settings)
{
    d->memory->setSettings(settings);
    d->followKeys();
}

MemorySettings QueryPanel::settings() const { return d->memory->settings(); }

void QueryPanel::setModel(const ModelAbilities& model) { d->memory->setModel(model); }

void QueryPanel::openMemoryDetails() { d->memory->openDetails(); }

QueryRequest QueryPanel::request() const { return { d->text->text(), settings() }; }

void QueryPanel::setBusy(bool busy)
{
    d->busy = busy;
    // A disabled button would hand the focus to whatever comes next.
    if (busy && d->ask->hasFocus())
        d->text->setFocus();
    d->busyBar->setVisible(busy);
    d->ask->setText(busy ? tr("Asking…") : tr("&Ask"));
    d->enableAsk();
}

void QueryPanel::setAnswer(const AnswerView& answer)
{
    d->answer->setAnswer(answer);
    d->pages->setCurrentWidget(d->answerPage);
}

void QueryPanel::clearAnswer()
{
    d->showMessage(tr("Write a document into the memory, then type the beginning of a sentence in it and press Enter.\n\n"
                      "The answer is decoded from one row of the memory alone."));
}

void QueryPanel::outdateAnswer()
{
    if (d->pages->currentWidget() == d->answerPage)
        d->showMessage(tr("The memory has changed since the last answer. Ask again."));
}

void QueryPanel::setMessage(const QString& message) { d->showMessage(message); }

} // namespace hayloft
