/* sending.pml - step 10 of docs/delivery.md as a model that spin checks (make
 * model): letters over several connections at once.
 *
 * One program, its register, a server that lets in one connection or two.
 * The program may die between any two steps, a letter may be put off, an
 * answer may be lost with its connection (the budget below).  What is said
 * before the text of a letter (MAIL, RCPT, DATA) leaves nothing behind, and
 * is no step here.
 *
 * Each safeguard stands under a switch, as in delivery.pml. */
#define LETTERS 4 /* 0 and 1 are to one address */
#define CONNECTIONS 2
#define NONE 9

#ifndef DEATHS
#define DEATHS 2
#endif
#define LOST 1     /* the answer to the text does not arrive */
#define REFUSALS 1 /* 4xx: not again in this round */

/* ---- the register: what survives a death ---- */

mtype = { pending, sent };
mtype letter[LETTERS] = pending;

/* ---- seen from outside ---- */

bool alone;         /* the server lets in one connection only */
byte wire[LETTERS]; /* copies that the server took */
byte deaths, lost, refusals;
bool crossed; /* two letters to one address were on their way at once */

/* ---- the program's memory ---- */

bool open[CONNECTIONS];
byte hand[CONNECTIONS] = NONE; /* the letter that has this connection */
bool out[CONNECTIONS];         /* its text went out */
bool owes[CONNECTIONS];        /* what it answered is not recorded */
bool heard[LETTERS];           /* answered, not recorded */
bool tried[LETTERS];           /* put off until the next round */

#define OR_DIE                                                                 \
    if                                                                         \
    :: deaths < DEATHS -> deaths++; goto dead                                  \
    :: true                                                                    \
    fi

#define FOR_ONE_ADDRESS(l) ((l) < 2)
#ifndef NO_ONE_PER_ADDRESS
#define ADDRESS_IS_FREE(l)                                                     \
    (!FOR_ONE_ADDRESS(l) ||                                                    \
     (!FOR_ONE_ADDRESS(hand[0]) && !FOR_ONE_ADDRESS(hand[1])))
#else
#define ADDRESS_IS_FREE(l) true
#endif

#define MAY_GO(l)                                                              \
    (letter[l] == pending && !tried[l] && !heard[l] && hand[0] != l &&         \
     hand[1] != l && ADDRESS_IS_FREE(l))

#ifndef NO_RECORD_BEFORE_NEXT
#define IS_FREE(c) (hand[c] == NONE && !owes[c])
#else
#define IS_FREE(c) (hand[c] == NONE)
#endif

#ifndef NO_QUEUE /* a letter is given to a connection that there is */
#define MAY_TAKE(c) (open[c] && IS_FREE(c))
#else
#define MAY_TAKE(c) IS_FREE(c)
#endif

#define GIVE(c, l)                                                             \
    :: MAY_TAKE(c) && MAY_GO(l) -> hand[c] = l

#define IN_DOUBT(l) (wire[l] > 0 && letter[l] == pending)

inline let_go(c)
{
    hand[c] = NONE;
    out[c] = false
}

/* The text goes out whole, or the letter is put off before. */
inline say(c)
{
    if
    :: refusals < REFUSALS ->
        atomic { refusals++; tried[hand[c]] = true; let_go(c) }
    :: atomic {
        true ->
        wire[hand[c]]++;
        crossed = crossed || (FOR_ONE_ADDRESS(hand[c]) &&
                              FOR_ONE_ADDRESS(hand[1 - c]) && out[1 - c]);
        out[c] = true
       }
    fi
}

inline listen(c)
{
    if
    :: lost < LOST ->
        atomic { lost++; tried[hand[c]] = true; let_go(c) }
    :: atomic { true -> heard[hand[c]] = true; owes[c] = true; let_go(c) }
    fi
}

inline record(l)
{
    if
    :: heard[l] -> letter[l] = sent; heard[l] = false
    :: else
    fi
}

active proctype program()
{
    if
    :: alone = true
    :: skip
    fi;

round:
    atomic { open[0] = true; open[1] = false }
    do
    GIVE(0, 0)
    GIVE(0, 1)
    GIVE(0, 2)
    GIVE(0, 3)
    GIVE(1, 0)
    GIVE(1, 1)
    GIVE(1, 2)
    GIVE(1, 3)
    :: !open[1] && !alone -> open[1] = true
    :: open[0] && hand[0] != NONE && !out[0] -> say(0); OR_DIE
    :: open[1] && hand[1] != NONE && !out[1] -> say(1); OR_DIE
    :: out[0] -> listen(0)
    :: out[1] -> listen(1)
    :: owes[0] || owes[1] ->
        /* all answers that are here, in one commit */
        atomic {
            record(0);
#ifndef NO_WHOLE_COMMIT
            record(1);
            record(2);
            record(3);
#endif
            heard[0] = false; heard[1] = false;
            heard[2] = false; heard[3] = false;
            owes[0] = false; owes[1] = false
        }
        OR_DIE
    :: else -> break
    od;
    goto again;

dead:
    skip;
again: /* what was in memory is gone, or has served */
    atomic {
        let_go(0); let_go(1);
        owes[0] = false; owes[1] = false;
        heard[0] = false; heard[1] = false;
        heard[2] = false; heard[3] = false;
        tried[0] = false; tried[1] = false;
        tried[2] = false; tried[3] = false
    }
    goto round
}

/* ---- what docs/delivery.md promises ---- */

/* 2: each letter at least once, whatever the server lets in */
ltl each_sent { <> (letter[0] == sent && letter[1] == sent &&
                    letter[2] == sent && letter[3] == sent) }
ltl none_missing {
    [] ((letter[0] == pending || wire[0] > 0) &&
        (letter[1] == pending || wire[1] > 0) &&
        (letter[2] == pending || wire[2] > 0) &&
        (letter[3] == pending || wire[3] > 0))
}
/* 2: at no instant could a kill repeat more letters than there are
 * connections; beyond those of earlier kills, and whose answers were lost */
ltl few_in_doubt {
    [] (IN_DOUBT(0) + IN_DOUBT(1) + IN_DOUBT(2) + IN_DOUBT(3) <=
        CONNECTIONS * (deaths + 1) + lost)
}
/* 2: and so many did, in the end */
ltl few_repeated {
    [] (wire[0] + wire[1] + wire[2] + wire[3] <=
        LETTERS + CONNECTIONS * deaths + lost)
}
/* one after the other to one address */
ltl one_at_a_time { [] !crossed }
