// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/WideProducts.h"

#include <limits>

#ifdef HAYLOFT_BLAS
extern "C" void dgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const double* alpha,
                       const double* a, const int* lda, const double* b, const int* ldb, const double* beta, double* c, const int* ldc);
#endif

namespace hayloft {

namespace {

Eigen::MatrixXd plainProduct(const Eigen::MatrixXd& a, Side aSide, const Eigen::MatrixXd& b, Side bSide)
{
    if (aSide == Side::Transposed)
        return bSide == Side::Transposed ? Eigen::MatrixXd(a.transpose() * b.transpose()) : Eigen::MatrixXd(a.transpose() * b);
    return bSide == Side::Transposed ? Eigen::MatrixXd(a * b.transpose()) : Eigen::MatrixXd(a * b);
}

} // namespace

Eigen::MatrixXd wideProduct(const Eigen::MatrixXd& a, Side aSide, const Eigen::MatrixXd& b, Side bSide)
{
#ifdef HAYLOFT_BLAS
    constexpr Eigen::Index most = std::numeric_limits<int>::max();
    if (a.size() > 0 && b.size() > 0 && a.rows() <= most && a.cols() <= most && b.rows() <= most && b.cols() <= most) {
        const bool turnA = aSide == Side::Transposed, turnB = bSide == Side::Transposed;
        const int m = static_cast<int>(turnA ? a.cols() : a.rows()), k = static_cast<int>(turnA ? a.rows() : a.cols());
        const int n = static_cast<int>(turnB ? b.rows() : b.cols());
        const int lda = static_cast<int>(a.rows()), ldb = static_cast<int>(b.rows());
        const double alpha = 1, beta = 0;
        Eigen::MatrixXd product(m, n);
        dgemm_(turnA ? "T" : "N", turnB ? "T" : "N", &m, &n, &k, &alpha, a.data(), &lda, b.data(), &ldb, &beta, product.data(), &m);
        return product;
    }
#endif
    return plainProduct(a, aSide, b, bSide);
}

} // namespace hayloft
