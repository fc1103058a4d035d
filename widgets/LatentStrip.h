// SPDX-License-Identifier: GPL-3.0-or-later
// One latent vector as a strip of bars.
#pragma once

#include <QWidget>
#include <vector>

namespace hayloft {

/// Bars above (positive) and below (negative) a zero line, coloured by value; several dimensions share a bar where
/// the strip is narrow (the strongest is drawn). Hovering or the arrow keys read out one dimension.
class LatentStrip : public QWidget {
    Q_OBJECT
public:
    explicit LatentStrip(QWidget* parent = nullptr);
    void setLatent(const std::vector<float>& latent);
    const std::vector<float>& latent() const { return m_latent; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The dimension under the pointer or chosen by keys; -1 = none.
    void probed(int dimension, float value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void probe(int dimension);
    QRect area() const;
    std::vector<float> m_latent;
    float m_range = 1;
    int m_probe = -1;
};

} // namespace hayloft
