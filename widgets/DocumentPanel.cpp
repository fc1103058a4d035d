// SPDX-License-Identifier: GPL-3.0-or-later
// The document as segments: puts the view, the margin, the minimap and the search together.
#include "widgets/DocumentPanel.h"

#include "widgets/ElidedLabel.h"
#include "widgets/document/DropFrame.h"
#include "widgets/document/Minimap.h"
#include "widgets/document/NeedleMargin.h"
#include "widgets/document/NoticeBar.h"
#include "widgets/document/SamePlace.h"
#include "widgets/document/SearchBar.h"
#include "widgets/document/SegmentTextView.h"

#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QShortcut>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

namespace hayloft {
namespace {

/// "168k", "7.9k", "887": enough to know the size in a narrow header.
QString compact(qint64 number)
{
    const QLocale locale;
    if (number < 10000)
        return locale.toString(number);
    const bool millions = number >= 1000000;
    const double scaled = static_cast<double>(number) / (millions ? 1e6 : 1e3);
    return locale.toString(scaled, 'f', scaled < 100 ? 1 : 0) + (millions ? QStringLiteral("M") : QStringLiteral("k"));
}

} // namespace

class DocumentPanel::Private : public QObject {
    Q_DECLARE_TR_FUNCTIONS(hayloft::DocumentPanel)
public:
    explicit Private(DocumentPanel* panel);
    void build();
    void wire();
    void wireSearch();
    QWidget* header();
    void addShortcut(const QKeySequence& keys, std::function<void()> action);
    void setNeedle(bool planted, double depth, qint64 token);
    void preview(double depth);
    void showNeedle(bool planted, double depth, qint64 token);
    void updateCounts();
    void viewMoved();
    void search(const SearchQuery& query);
    void searched(const std::shared_ptr<const SearchResult>& result);
    void step(int direction);
    void showHit(qint64 hit, bool wrapped);
    void closeSearch();

    DocumentPanel* q;
    SegmentTable table;
    QString title;
    qint64 tokens = 0;
    QLabel *titleLabel, *counts, *needle, *bubble;
    QToolButton* find;
    NoticeBar* notices;
    SearchBar* bar;
    NeedleMargin* margin;
    SegmentTextView* view;
    Minimap* minimap;
    DropFrame* drop;
    TextSearch engine;
    std::shared_ptr<const SearchResult> hits;
    qint64 hit = -1;
    int pendingStep = 0; ///< asked for while the search was still running
};

DocumentPanel::Private::Private(DocumentPanel* panel) : q(panel)
{
    build();
    wire();
    wireSearch();
    showNeedle(false, 0, 0);
    updateCounts();
}

QWidget* DocumentPanel::Private::header()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(8, 4, 4, 4);
    row->setSpacing(8);
    titleLabel = new ElidedLabel;
    titleLabel->setAccessibleName(tr("Document title"));
    QFont bold = titleLabel->font();
    bold.setBold(true);
    titleLabel->setFont(bold);
    row->addWidget(titleLabel, 1);
    counts = new QLabel;
    counts->setAccessibleName(tr("Document size"));
    counts->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(counts);
    find = new QToolButton;
    find->setText(tr("Find"));
    find->setAutoRaise(true);
    find->setAccessibleName(tr("Find"));
    find->setToolTip(tr("Find in the document (Ctrl+F)"));
    row->addWidget(find);
    return box;
}

void DocumentPanel::Private::build()
{
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header());
    notices = new NoticeBar;
    column->addWidget(notices);
    bar = new SearchBar;
    bar->hide();
    column->addWidget(bar);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    margin = new NeedleMargin;
    view = new SegmentTextView(table);
    minimap = new Minimap(table);
    row->addWidget(margin);
    row->addWidget(view, 1);
    row->addWidget(minimap);
    column->addLayout(row, 1);
    needle = new QLabel;
    needle->setAccessibleName(tr("Needle"));
    needle->setContentsMargins(8, 4, 8, 4);
    needle->setToolTip(tr("Where the needle is planted: depth in the haystack and the tokens before it"));
    needle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(needle);
    bubble = new QLabel(q);
    bubble->setAutoFillBackground(true);
    bubble->setBackgroundRole(QPalette::ToolTipBase);
    bubble->setForegroundRole(QPalette::ToolTipText);
    bubble->setFrameShape(QFrame::Box);
    bubble->setContentsMargins(6, 3, 6, 3);
    bubble->setAccessibleName(tr("Needle while dragging"));
    bubble->setAttribute(Qt::WA_TransparentForMouseEvents);
    bubble->hide();
    drop = new DropFrame(q);
    QWidget::setTabOrder(view, margin);
}

void DocumentPanel::Private::addShortcut(const QKeySequence& keys, std::function<void()> action)
{
    auto* shortcut = new QShortcut(keys, q);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, std::move(action));
}

void DocumentPanel::Private::wire()
{
    connect(view, &SegmentTextView::segmentChosen, q, &DocumentPanel::segmentChosen);
    connect(view, &SegmentTextView::segmentHovered, q, &DocumentPanel::segmentHovered);
    connect(view, &SegmentTextView::viewMoved, this, &Private::viewMoved);
    connect(view, &SegmentTextView::currentChanged, minimap, &Minimap::setCurrentSegment);
    connect(view, &SegmentTextView::plantHereRequested, this, [this](qint64 segment) { Q_EMIT q->plantRequested(table.depthOf(segment)); });
    connect(minimap, &Minimap::scrollRequested, this, [this](double position) { view->showByte(table.byteAt(position), true); });
    connect(margin, &NeedleMargin::previewed, this, [this](double depth) {
        preview(depth);
        Q_EMIT q->plantPreviewed(depth);
    });
    connect(margin, &NeedleMargin::previewEnded, this, [this] {
        bubble->hide();
        view->setMarker(-1);
    });
    connect(margin, &NeedleMargin::requested, this, [this](double depth) {
        showNeedle(true, depth, table.place(depth).token);
        Q_EMIT q->plantRequested(depth);
    });
    using Keys = QKeySequence;
    addShortcut(Keys(tr("Shift+Alt+Up")), [this] { margin->nudge(-1); });
    addShortcut(Keys(tr("Shift+Alt+Down")), [this] { margin->nudge(1); });
    addShortcut(Keys(tr("Ctrl+Shift+Alt+Up")), [this] { margin->nudge(-10); });
    addShortcut(Keys(tr("Ctrl+Shift+Alt+Down")), [this] { margin->nudge(10); });
}

void DocumentPanel::Private::wireSearch()
{
    connect(find, &QToolButton::clicked, bar, &SearchBar::open);
    connect(bar, &SearchBar::queryChanged, this, &Private::search);
    connect(bar, &SearchBar::nextRequested, this, [this] { step(1); });
    connect(bar, &SearchBar::previousRequested, this, [this] { step(-1); });
    connect(bar, &SearchBar::closed, this, &Private::closeSearch);
    connect(&engine, &TextSearch::finished, this, &Private::searched);
    addShortcut(QKeySequence::Find, [this] { bar->open(); });
    addShortcut(Qt::Key_F3, [this] { bar->isVisible() ? step(1) : bar->open(); });
    addShortcut(Qt::SHIFT | Qt::Key_F3, [this] { bar->isVisible() ? step(-1) : bar->open(); });
}

void DocumentPanel::Private::preview(double depth)
{
    const qint64 token = table.place(depth).token;
    showNeedle(true, depth, token);
    bubble->setText(needle->text());
    bubble->adjustSize();
    const QPoint at = margin->mapTo(q, QPoint(margin->width() + 6, margin->yOf(depth) - bubble->height() / 2));
    bubble->move(at.x(), std::clamp(at.y(), 0, std::max(0, q->height() - bubble->height())));
    bubble->show();
    bubble->raise();
    view->setMarker(static_cast<qint64>(table.place(depth).byte));
}

void DocumentPanel::Private::showNeedle(bool planted, double depth, qint64 token)
{
    const QLocale locale;
    needle->setText(planted               ? tr("Needle at %1%, token %2").arg(locale.toString(depth, 'f', 1), locale.toString(token))
                    : table.text().empty() ? QString()
                                           : tr("No needle: click in the left margin to plant one"));
    minimap->setNeedle(planted, depth);
}

void DocumentPanel::Private::setNeedle(bool planted, double depth, qint64 token)
{
    margin->setNeedle(planted, depth);
    showNeedle(planted, depth, token);
}

void DocumentPanel::Private::updateCounts()
{
    const QLocale locale;
    const bool empty = table.text().empty();
    QString text;
    if (!empty) {
        // One or the other: with all three the title would have no room in a narrow panel.
        const bool partly = table.written() > 0 && table.written() < table.size();
        text = partly ? tr("%1 tokens, %2% written").arg(compact(tokens)).arg(100 * table.written() / table.size())
                      : tr("%1 tokens, %2 segments").arg(compact(tokens), compact(table.size()));
    }
    counts->setText(text);
    counts->setToolTip(empty ? QString() : tr("%1 tokens in %2 segments").arg(locale.toString(tokens), locale.toString(table.size())));
    titleLabel->setText(empty ? tr("No document") : title);
    titleLabel->setToolTip(titleLabel->text().toHtmlEscaped());
    margin->setEnabled(!empty);
    find->setEnabled(!empty);
}

void DocumentPanel::Private::viewMoved()
{
    minimap->setVisibleRange(table.position(view->topByte()), table.position(view->bottomByte()));
}

void DocumentPanel::Private::search(const SearchQuery& query)
{
    if (hits && hits->query == query)
        return;
    engine.cancel();
    hits.reset();
    hit = -1;
    pendingStep = 0;
    view->setHits(nullptr, -1);
    minimap->setHits(nullptr, -1);
    if (query.text.isEmpty())
        return bar->clearStatus();
    bar->setSearching();
    engine.start(table.sharedText(), query);
}

void DocumentPanel::Private::searched(const std::shared_ptr<const SearchResult>& result)
{
    hits = result;
    if (!result->error.isEmpty())
        return bar->setError(result->error);
    minimap->setHits(hits, -1);
    if (result->hits.empty())
        return bar->setHits(-1, 0, false, false);
    // The first hit on or after what is on screen, else the first of all.
    const auto after = std::lower_bound(result->hits.begin(), result->hits.end(), view->topByte(),
                                        [](const TextRange& range, std::size_t byte) { return range.begin < byte; });
    const bool wrapped = after == result->hits.end();
    showHit(wrapped ? 0 : after - result->hits.begin(), wrapped);
    if (pendingStep < 0)
        step(-1);
    pendingStep = 0;
}

void DocumentPanel::Private::step(int direction)
{
    if (!hits) {
        pendingStep = direction;
        return;
    }
    const auto count = static_cast<qint64>(hits->hits.size());
    if (count == 0)
        return;
    const qint64 next = hit + direction;
    showHit((next + count) % count, next < 0 || next >= count);
}

void DocumentPanel::Private::showHit(qint64 index, bool wrapped)
{
    hit = index;
    view->setHits(hits, hit);
    minimap->setHits(hits, hit);
    bar->setHits(hit, static_cast<qint64>(hits->hits.size()), hits->truncated, wrapped);
}

void DocumentPanel::Private::closeSearch()
{
    engine.cancel();
    hits.reset();
    hit = -1;
    view->setHits(nullptr, -1);
    minimap->setHits(nullptr, -1);
    bar->hide();
    view->setFocus();
}

DocumentPanel::DocumentPanel(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this))
{
    setAcceptDrops(true);
    setFocusProxy(d->view);
}

DocumentPanel::~DocumentPanel() = default;

void DocumentPanel::setDocument(const DocumentView& document)
{
    const std::size_t top = document.text ? samePlace(d->table.text(), *document.text, d->view->topByte()) : 0;
    d->table.set(document);
    d->title = document.title;
    d->tokens = document.tokens;
    d->notices->setNotices(document.notices);
    d->view->reset(top);
    d->minimap->setCurrentSegment(-1);
    d->minimap->invalidate();
    d->updateCounts();
    d->showNeedle(d->margin->planted(), d->margin->depth(), d->table.place(d->margin->depth()).token);
    const SearchQuery query = d->bar->query();
    d->hits.reset();
    d->engine.cancel();
    d->hit = -1;
    d->minimap->setHits(nullptr, -1);
    if (!d->bar->isHidden())
        d->search(query);
}

void DocumentPanel::setRows(const std::vector<qint64>& rows, const std::vector<qint64>& rowSegments)
{
    d->table.setRows(rows, rowSegments);
    d->view->refresh();
    d->minimap->invalidate();
    d->updateCounts();
}

void DocumentPanel::setNeedle(bool planted, double depthPercent, qint64 tokenPosition)
{
    d->setNeedle(planted, depthPercent, tokenPosition);
}

void DocumentPanel::setCurrentSegment(qint64 segment) { d->view->setCurrent(segment, true); }

qint64 DocumentPanel::currentSegment() const { return d->view->current(); }

void DocumentPanel::dragEnterEvent(QDragEnterEvent* event)
{
    if (!event->mimeData()->hasUrls())
        return;
    event->acceptProposedAction();
    d->drop->setGeometry(rect());
    d->drop->raise();
    d->drop->show();
}

void DocumentPanel::dragLeaveEvent(QDragLeaveEvent*) { d->drop->hide(); }

void DocumentPanel::dropEvent(QDropEvent* event)
{
    d->drop->hide();
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    if (paths.isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT filesDropped(paths);
}

} // namespace hayloft
