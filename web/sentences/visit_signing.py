"""What is refused of the review and the signatures of the visit day, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "position_missing": _l("Please give the step its place in the order, from 1 on."),
    "manager_signs_last": _l("The project manager always signs, and after everybody else."),
    "review_comes_first": _l("The review by customer service comes before every other step."),
    "supervisor_missing": _l("Please choose who signs as the supervisor."),
    "signer_unfit": _l(
        "This person cannot be named here: only the supervisor's step names who signs, and he may sign."
    ),
    "deadline_after_today": _l("Please choose a deadline after today."),
    "deputy_not_yours": _l("A deputy is named by the person himself or by the manager."),
    "deputy_is_himself": _l("Nobody stands in for himself, nor makes himself the deputy of another."),
    "deputy_too_long": _l("That is longer than an absence. Please check the days."),
    "deputy_named": _l("He stands in for him in these days already."),
    "deputy_unknown": _l("There is no such deputy."),
    "departments_missing": _l("Please choose the departments responsible."),
    "walk_in_manager_signs": _l("He walked in: the manager alone admits him, with his own signature."),
    "ownership_unchecked": _l("Whether an owner asks is not settled yet. Please settle that first."),
    "nothing_to_sign": _l("There is nothing of this to sign."),
    "signed_already": _l("This was signed already."),
    "signature_void": _l("It was worded anew or sent back meanwhile. Please read the form as it stands now."),
    "not_your_turn": _l("Others sign before this one."),
    "not_yours_to_sign": _l("This is not yours to sign, and nobody named you his deputy."),
    "witness_signs_himself": _l("Who signs in this chain himself does not enter what others signed on paper."),
    "own_hand_signs_here": _l("Please sign it yourself, here: nobody is the witness of his own signature."),
    "signer_unknown": _l("Please choose whose signature stands on the paper."),
    "earlier_unknown": _l("There is no earlier opinion that still stands. Please write one of your own."),
    "signatures_missing": _l("The order of signatures was changed: one is missing. Please review it again."),
    "nothing_chosen": _l("Please choose what is to be signed."),
    "too_many_chosen": _l("That is too much at once. Please choose fewer."),
    "wording_unchanged": _l("These are the words that stand there already."),
    "not_a_walk_in": _l("This was booked: it goes through its signatures."),
    "signing_over": _l("That visit day is over. Please give the booking another day first, or do not admit it."),
    "becomes_unknown": _l("Please choose what becomes of it: a complaint or a repair."),
}
