#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_odeiv2.h>

// A const pointer to a type is not imported into Swift: hand it over through a function.
static inline const gsl_multifit_nlinear_type *endora_gsl_nlinear_trust(void) { return gsl_multifit_nlinear_trust; }
static inline const gsl_multifit_nlinear_trs *endora_gsl_trs_lm(void) { return gsl_multifit_nlinear_trs_lm; }
static inline const gsl_multifit_nlinear_scale *endora_gsl_scale_more(void) { return gsl_multifit_nlinear_scale_more; }
static inline const gsl_multifit_nlinear_solver *endora_gsl_solver_qr(void) { return gsl_multifit_nlinear_solver_qr; }
static inline const gsl_odeiv2_step_type *endora_gsl_msbdf(void) { return gsl_odeiv2_step_msbdf; }
